import { Button, Modal, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { refresh, useTopics } from '../api/queries';
import { Problem } from '../api/problem';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Schemas } from '#contract/paths.js';
import type { Cadence, Subscriber, Subscription, Topic } from '../api/types';
import { WEEKDAYS } from '../digests/cron-presets';
import { FormEnd } from '../ui/form-end';
import { Row } from '../ui/rows';
import { Empty } from '../ui/states';
import { TopicSelect } from '../ui/topic-select';
import { useApiForm } from '../ui/use-api-form';

const CADENCES: { value: Cadence; label: string }[] = [
  { value: 'every', label: 'every edition' },
  { value: 'daily', label: 'one a day' },
  { value: 'weekly', label: 'one a week' },
  { value: 'breaking', label: 'alerts only' },
];
const ANY = { value: '', label: 'any day' };
const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);

/** What a reader gets of each digest. */
export function Subscriptions({ subscriber }: { subscriber: Subscriber }) {
  const topics = useTopics();
  const mayWrite = useMay('readers:write');
  if (subscriber.digests.length === 0) return <Empty>No digest.</Empty>;
  return (
    <ul className="rows">
      {subscriber.digests.map((one) => (
        <Row
          key={one.digestId}
          title={one.name}
          to={`/digests/${one.digestId}`}
          meta={wordsOf(one, topics.data ?? [])}
        >
          {mayWrite && <ChangeButton subscriber={subscriber} subscription={one} />}
        </Row>
      ))}
    </ul>
  );
}

/** `one a week, on Sunday · at 06:00 their time · Harbour, Council · alerts · paused until 2026-12-24` */
function wordsOf(one: Subscription, known: Topic[]): string {
  const { cadence, weekday, hour, topics, alerts, pausedUntil } = one;
  const often = CADENCES.find(({ value }) => value === cadence)?.label;
  const names = topics?.map((id) => known.find((topic) => topic.id === id)?.name ?? '…');
  return [
    often && (weekday ? `${often}, on ${WEEKDAYS[weekday - 1]}` : often),
    hour === null ? 'at the digest’s time' : `at ${HOURS[hour]} their time`,
    names ? names.join(', ') || 'none of the topics they chose is left' : 'all topics',
    alerts && 'alerts at once',
    pausedUntil && `paused until ${pausedUntil}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function ChangeButton({ subscriber, subscription }: { subscriber: Subscriber; subscription: Subscription }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Change
      </Button>
      <Modal opened={open} onClose={close} title={subscription.name}>
        <ChangeForm subscriber={subscriber} subscription={subscription} close={close} />
      </Modal>
    </>
  );
}

interface ChangeFormProps {
  subscriber: Subscriber;
  subscription: Subscription;
  close: () => void;
}

function ChangeForm({ subscriber, subscription, close }: ChangeFormProps) {
  const form = useApiForm({
    initial: {
      topics: subscription.topics ?? [],
      cadence: subscription.cadence,
      weekday: String(subscription.weekday ?? ''),
      hour: String(subscription.hour ?? ''),
      alerts: subscription.alerts,
      pausedUntil: subscription.pausedUntil ?? '',
    },
    send: ({ topics, cadence, weekday, hour, alerts, pausedUntil }) =>
      change(subscriber, subscription.digestId, {
        topics: topics.length > 0 ? topics : null,
        cadence,
        alerts,
        weekday: cadence === 'weekly' && weekday ? Number(weekday) : null,
        hour: hour ? Number(hour) : null,
        pausedUntil: pausedUntil || null,
      }),
    done: async () => {
      await refresh('/subscribers');
      close();
    },
  });
  return (
    <form {...form.formProps}>
      <Stack>
        <TopicSelect description="None: all topics." {...form.getInputProps('topics')} />
        <NativeSelect label="How often" data={CADENCES} {...form.getInputProps('cadence')} />
        {form.values.cadence === 'weekly' && (
          <NativeSelect
            label="Day"
            data={[ANY, ...WEEKDAYS.map((label, index) => ({ value: String(index + 1), label }))]}
            {...form.getInputProps('weekday')}
          />
        )}
        <NativeSelect
          label="Hour"
          description="Of the reader’s own clock."
          data={[
            { value: '', label: 'the digest’s time' },
            ...HOURS.map((label, hour) => ({ value: String(hour), label })),
          ]}
          {...form.getInputProps('hour')}
        />
        <Switch label="Alerts too, at once" {...form.getInputProps('alerts', { type: 'checkbox' })} />
        <TextInput
          label="Paused until"
          type="date"
          description="The first day with mail again. Left empty: not paused."
          {...form.getInputProps('pausedUntil')}
        />
        <FormEnd form={form} label="Save" />
      </Stack>
    </form>
  );
}

type Wish = Omit<Schemas['SubscriptionChoice'], 'digest'>;

/** Changes one subscription and keeps the others. What the API says about it is said of the form's own fields. */
async function change({ id, digests }: Subscriber, digestId: string, wish: Wish): Promise<void> {
  const subscriptions = digests.map((one) => ({
    digest: one.digestId,
    ...(one.digestId === digestId ? wish : {}),
  }));
  const prefix = `subscriptions.${digests.findIndex((one) => one.digestId === digestId)}.`;
  await api.PATCH('/subscribers/{id}', { ...at(id), body: { subscriptions } }).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    const errors = error.errors.map(({ field, ...rest }) => ({ ...rest, field: field.replace(prefix, '') }));
    throw new Problem(error.status, error.message, error.code, errors);
  });
}
