import { Group } from '@mantine/core';
import { refresh, useList, useOne } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Subscriber } from '../api/types';
import { navigate } from '../router/router';
import { ConfirmButton } from '../ui/confirm-button';
import { showTime } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { Loaded } from '../ui/states';
import { StatusBadge } from '../ui/status-badge';
import { CameBack } from './came-back';
import { MeasuredClicks } from './measured-clicks';
import { Subscriptions } from './subscriptions';
import { SuppressionNotice } from './suppression-notice';

export function SubscriberPage({ id }: { id: string }) {
  const subscriber = useOne('/subscribers/{id}', id);
  return <Loaded of={subscriber}>{(known) => <Shown subscriber={known} />}</Loaded>;
}

function Shown({ subscriber }: { subscriber: Subscriber }) {
  const mayWrite = useMay('readers:write');
  return (
    <>
      <PageHead
        title={subscriber.email}
        back={{ to: '/subscribers', label: 'Subscribers' }}
        badge={<StatusBadge status={subscriber.status} />}
      />
      {subscriber.suppressed && <SuppressionNotice subscriber={subscriber} />}
      <Facts subscriber={subscriber} />
      {mayWrite && (
        <Group mt="lg" gap="xs">
          {subscriber.status !== 'unsubscribed' && <UnsubscribeButton subscriber={subscriber} />}
          <EraseButton subscriber={subscriber} />
        </Group>
      )}
      <Section title="Subscriptions">
        <Subscriptions subscriber={subscriber} />
      </Section>
      <Section title="What came back">
        <CameBack id={subscriber.id} />
      </Section>
      <MeasuredClicks subscriber={subscriber} />
      <Section title="Consent">
        <Consents id={subscriber.id} />
      </Section>
    </>
  );
}

function Facts({ subscriber }: { subscriber: Subscriber }) {
  const facts: [string, string][] = [
    ['Name', subscriber.name ?? '–'],
    ['Language', subscriber.locale],
    ['Time zone', subscriber.timeZone ?? 'the publication’s'],
    ['Added', showTime(subscriber.createdAt)],
    ['Confirmed', showTime(subscriber.confirmedAt)],
  ];
  if (subscriber.unsubscribedAt) facts.push(['Unsubscribed', showTime(subscriber.unsubscribedAt)]);
  return (
    <dl className="facts">
      {facts.map(([term, value]) => (
        <Fact key={term} term={term} value={value} />
      ))}
    </dl>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </>
  );
}

function UnsubscribeButton({ subscriber }: { subscriber: Subscriber }) {
  const unsubscribe = async () => {
    await api.PATCH('/subscribers/{id}', { ...at(subscriber.id), body: { status: 'unsubscribed' } });
    await refresh('/subscribers');
  };
  return (
    <ConfirmButton label="Unsubscribe" title="Unsubscribe this reader?" yes="Unsubscribe" act={unsubscribe}>
      {subscriber.email} gets no further edition. The reader can sign up again; you can not do it for them.
    </ConfirmButton>
  );
}

function EraseButton({ subscriber }: { subscriber: Subscriber }) {
  const erase = async () => {
    await api.DELETE('/subscribers/{id}', at(subscriber.id));
    navigate('/subscribers');
    await refresh('/subscribers');
  };
  return (
    <ConfirmButton label="Erase" title="Erase this reader?" yes="Erase for good" act={erase}>
      Address, name and everything else held about {subscriber.email} is removed for good. The proof of
      consent stays, without the address. This can not be undone.
    </ConfirmButton>
  );
}

function Consents({ id }: { id: string }) {
  const consents = useList('/subscribers/{id}/consents', {}, { id });
  return (
    <List of={consents} empty="No consent is recorded.">
      {(consent) => (
        <Row
          key={consent.id}
          title={`${consent.kind} · ${showTime(consent.submittedAt)}`}
          meta={
            <>
              {consent.sentence && <div>“{consent.sentence}”</div>}
              <div>
                By {consent.method}
                {consent.form && `, form ${consent.form}`}
                {consent.pageUrl && `, on ${consent.pageUrl}`}
                {consent.purposes.length > 0 && `; for ${consent.purposes.join(', ')}`}
              </div>
              {consent.termsSha256 && <div>Terms with SHA-256 {consent.termsSha256.slice(0, 16)}…</div>}
            </>
          }
        />
      )}
    </List>
  );
}
