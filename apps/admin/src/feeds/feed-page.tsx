import { Alert, Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { pathOf, refresh, useOne } from '../api/queries';
import { queryClient } from '../api/query-client';
import { answer, api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Feed, FeedPoll } from '../api/types';
import { navigate } from '../router/router';
import { ConfirmButton } from '../ui/confirm-button';
import { counted, showTime } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { Loaded, messageOf } from '../ui/states';
import { FeedForm } from './feed-form';
import { FeedState, paceOf } from './feed-state';

const BACK = { to: '/feeds', label: 'Feeds' };

export function NewFeedPage() {
  return (
    <>
      <PageHead title="Add a feed" back={BACK} />
      <FeedForm />
    </>
  );
}

/** A feed: how it does, and its settings. */
export function FeedPage({ id }: { id: string }) {
  const feed = useOne('/feeds/{id}', id);
  return <Loaded of={feed}>{(known) => <Shown feed={known} />}</Loaded>;
}

function Shown({ feed }: { feed: Feed }) {
  const mayWrite = useMay('digests:write');
  const poll = useMutation({
    mutationFn: () => answer(api.POST('/feeds/{id}/poll', at(feed.id))),
    onSuccess: async ({ outcome: _, ...polled }) => {
      queryClient.setQueryData([pathOf('/feeds/{id}', feed.id)], polled);
      await refresh('/feeds', '/articles');
    },
  });
  return (
    <>
      <PageHead title={feed.name} back={BACK} badge={<FeedState feed={feed} />}>
        {mayWrite && (
          <Group gap="xs">
            <Button loading={poll.isPending} onClick={() => poll.mutate()}>
              Poll now
            </Button>
            <DeleteButton feed={feed} />
          </Group>
        )}
      </PageHead>
      <div role="status">
        {poll.data && <Outcome poll={poll.data} />}
        {poll.error && (
          <Alert color="accent" variant="light" mb="md">
            {messageOf(poll.error)}
          </Alert>
        )}
      </div>
      <Standing feed={feed} />
      <Section title="Settings">
        <FeedForm feed={feed} />
      </Section>
    </>
  );
}

function Outcome({ poll: { outcome } }: { poll: FeedPoll }) {
  if (outcome.status === 'failed') return null; // the last error is shown anyway
  const { counts, status } = outcome;
  const said = [
    counted(counts.added, 'new article'),
    counts.updated > 0 && `${counts.updated} changed`,
    counts.noted > 0 && `${counts.noted} changed after readers had them`,
    counts.history > 0 && `${counts.history} from before the feed was added`,
    counts.unusable > 0 && `${counts.unusable} that can not be used`,
  ];
  return (
    <Alert color="green" variant="light" mb="md">
      {status === 'unchanged' ? 'Nothing has changed.' : `${said.filter(Boolean).join(', ')}.`}
    </Alert>
  );
}

function Standing({ feed }: { feed: Feed }) {
  const { lastError, failures, warning, polledAt, succeededAt } = feed;
  return (
    <>
      {lastError && (
        <Alert
          color="accent"
          variant="light"
          mb="md"
          title={failures > 1 ? `It could not be read, ${failures} times in a row` : 'It could not be read'}
        >
          <span className="anywhere">{lastError}</span>
        </Alert>
      )}
      {warning && (
        <Alert color="orange" variant="light" mb="md">
          {warning}
        </Alert>
      )}
      <dl className="facts">
        <dt>Looked at</dt>
        <dd>{paceOf(feed)}</dd>
        <dt>Last look</dt>
        <dd>{showTime(polledAt)}</dd>
        <dt>Last success</dt>
        <dd>{showTime(succeededAt)}</dd>
      </dl>
    </>
  );
}

function DeleteButton({ feed }: { feed: Feed }) {
  const remove = async () => {
    await api.DELETE('/feeds/{id}', at(feed.id));
    navigate('/feeds');
    await refresh('/feeds');
  };
  return (
    <ConfirmButton isDanger label="Delete" title="Delete this feed?" yes="Delete it" act={remove}>
      Nothing more is taken from “{feed.name}”. Its articles stay.
    </ConfirmButton>
  );
}
