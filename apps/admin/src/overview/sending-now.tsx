import { Button, Progress } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useDigests, useList } from '../api/queries';
import { useMay } from '../api/session';
import type { Edition } from '../api/types';
import { move } from '../editions/edition-actions';
import { doneShare, isUnderWay } from '../editions/view/under-way';
import { titleOf } from '../editions/view/edition-title';
import { showNumber, showShare } from '../ui/format';
import { Section } from '../ui/page-head';
import { Row } from '../ui/rows';
import { Moment } from '../ui/time/moment';
import { sayFailed, sayWithUndo } from '../ui/toast/toast';

const LOOKED_AT = 20;

/** What is going out, and when it will be done; nothing when nothing is. */
export function SendingNow() {
  const editions = useList('/editions', {}, { limit: LOOKED_AT });
  const moving = (editions.rows ?? []).filter(isUnderWay);
  if (moving.length === 0) return null;
  return (
    <Section title="Sending">
      <ul className="rows">
        {moving.map((edition) => (
          <SendingRow key={edition.id} edition={edition} />
        ))}
      </ul>
    </Section>
  );
}

function SendingRow({ edition }: { edition: Edition }) {
  const { data: digests } = useDigests();
  const maySend = useMay('editions:send');
  const digest = digests?.find(({ id }) => id === edition.digestId);
  const title = titleOf(edition, digest);
  const { counts, predictedFinishAt } = edition;
  const share = doneShare(edition);
  const pause = useMutation({
    mutationFn: () => move(edition, 'pause'),
    onSuccess: () => sayWithUndo(`“${title}” is paused.`, () => move(edition, 'resume')),
    onError: sayFailed,
  });
  return (
    <Row
      title={title}
      to={`/editions/${edition.id}`}
      meta={
        <>
          {counts.recipients === 0
            ? 'Being prepared: its readers are gathered and its mail is compiled.'
            : `${showNumber(counts.accepted)} of ${showNumber(counts.recipients)} accepted, ${showShare(share)} done`}
          {predictedFinishAt && (
            <>
              {' · probably done '}
              <Moment at={predictedFinishAt} />
            </>
          )}
          <Progress value={share * 100} mt={6} maw={420} color="green.6" aria-label={`Done of ${title}`} />
        </>
      }
    >
      {maySend && (
        <Button
          size="xs"
          variant="default"
          aria-label={`Pause: ${title}`}
          loading={pause.isPending}
          onClick={() => pause.mutate()}
        >
          Pause
        </Button>
      )}
    </Row>
  );
}
