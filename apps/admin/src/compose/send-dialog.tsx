import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { one, pathOf, refresh } from '../api/queries';
import { queryClient } from '../api/query-client';
import { answer, api, at } from '../api/request';
import type { Digest, Edition, EditionChecks, EditionEstimate } from '../api/types';
import { navigate } from '../router/router';
import { counted, showNumber, showTime } from '../ui/format';
import { messageOf, Waiting } from '../ui/states';

/** So long a sending can be taken back. */
const UNDO_SECONDS = 10;

interface SendDialogProps {
  edition: Edition;
  digest: Digest | undefined;
  version: number;
  checks: EditionChecks | undefined;
  close: () => void;
}

/** Who gets it, how many, under which subject, when it is done, and what warns: before it is sent. */
export function SendDialog({ edition, digest, version, checks, close }: SendDialogProps) {
  const estimate = useQuery({ ...one('/editions/{id}/estimate', edition.id), gcTime: 0, staleTime: 0 });
  const send = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/editions/{id}/send', { ...at(edition.id), body: { undoSeconds: UNDO_SECONDS, version } }),
      ),
    onSuccess: async (sent) => {
      queryClient.setQueryData([pathOf('/editions/{id}', edition.id)], sent);
      navigate(`/editions/${edition.id}`);
      await refresh('/editions', '/slots', '/calendar');
    },
  });
  const problems = checks?.data ?? [];
  const stops = problems.filter(({ severity }) => severity === 'error');
  const warns = problems.filter(({ severity }) => severity === 'warning');
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title="Send this edition?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        {estimate.data && <Estimated estimate={estimate.data} digest={digest} />}
        {estimate.isPending && <Waiting lines={3} />}
        {estimate.error && (
          <Alert color="orange" variant="light" title="Who gets it could not be reckoned">
            {messageOf(estimate.error)}
          </Alert>
        )}
        {stops.length > 0 && <Listed title="It cannot be sent so" color="accent" problems={stops} />}
        {warns.length > 0 && <Listed title="Look at this first" color="orange" problems={warns} />}
        {send.error && (
          <Alert color="accent" variant="light" role="alert">
            {detailsOf(send.error)}
          </Alert>
        )}
        <p className="quiet small" style={{ margin: 0 }}>
          You have {UNDO_SECONDS} seconds to take it back. After that it can be paused or cancelled, but what
          a mail server has accepted cannot be called back.
        </p>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Go back
          </Button>
          <Button
            loading={send.isPending}
            disabled={stops.length > 0 || estimate.data?.recipients === 0}
            onClick={() => send.mutate()}
          >
            {sendLabel(estimate.data)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function sendLabel(estimate: EditionEstimate | undefined): string {
  if (!estimate?.recipients) return 'Send it';
  return `Send it to ${counted(estimate.recipients, 'reader')}`;
}

function Estimated({ estimate, digest }: { estimate: EditionEstimate; digest: Digest | undefined }) {
  const { recipients, readers, empty, subject, variants, moreVariants, finishAt, perSecond, problems } =
    estimate;
  const count = variants.length + moreVariants;
  return (
    <>
      <dl className="facts estimate">
        <dt>To</dt>
        <dd>
          <b>{recipients === null ? `up to ${showNumber(readers)}` : showNumber(recipients)}</b> of{' '}
          {counted(readers, 'active reader')} of {digest?.name ?? 'the digest'}
          {empty > 0 && `; ${showNumber(empty)} have had every story already and get none`}
        </dd>
        <dt>Subject</dt>
        <dd>{subject ?? '–'}</dd>
        <dt>Variants</dt>
        <dd>
          {count === 1 ? 'one mail for all' : `${showNumber(count)}, by what each reader chose and has had`}
          {count > 1 && (
            <ul className="variants">
              {variants.slice(0, 4).map((variant) => (
                <li key={variant.locale + variant.articleIds.join()}>
                  {showNumber(variant.recipients)}: {counted(variant.articleIds.length, 'story', 'stories')},{' '}
                  {variant.locale}
                  {variant.subject && variant.subject !== subject && ` – “${variant.subject}”`}
                </li>
              ))}
            </ul>
          )}
        </dd>
        <dt>Done</dt>
        <dd>
          {finishAt ? `about ${showTime(finishAt)}` : 'not known yet: no edition went out before'}
          {perSecond !== null && `, at ${showNumber(Math.round(perSecond * 10) / 10)} a second`}
        </dd>
      </dl>
      {problems.map((problem) => (
        <Alert key={problem} color="accent" variant="light">
          {problem}
        </Alert>
      ))}
    </>
  );
}

function Listed({
  title,
  color,
  problems,
}: {
  title: string;
  color: string;
  problems: EditionChecks['data'];
}) {
  return (
    <Alert color={color} variant="light" title={title}>
      <ul className="listed">
        {problems.map(({ code, message, where }) => (
          <li key={`${code} ${where.articleId} ${where.url} ${message}`}>
            {where.title && !message.includes(where.title) && where.articleId ? `“${where.title}”: ` : ''}
            {message}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function detailsOf(error: unknown): string {
  const fields = (error as { errors?: { message: string }[] }).errors ?? [];
  return fields.length > 0 ? fields.map(({ message }) => message).join(' ') : messageOf(error);
}
