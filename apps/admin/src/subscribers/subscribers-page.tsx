import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useList } from '../api/queries';
import { useMay } from '../api/session';
import type { SubscriberStatus } from '../api/types';
import { showTime } from '../ui/format';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { StatusBadge } from '../ui/status-badge';

const STATUSES: SubscriberStatus[] = ['pending', 'active', 'unsubscribed', 'bounced', 'complained'];
const TYPING_MS = 300;

export function SubscribersPage() {
  const [email, setEmail] = useState('');
  const [status, setStatus] = useState<SubscriberStatus | ''>('');
  const [wanted] = useDebouncedValue(email.trim(), TYPING_MS);
  const subscribers = useList('/subscribers', {
    email: wanted || undefined,
    status: status || undefined,
  });
  const mayWrite = useMay('readers:write');
  return (
    <>
      <PageHead title="Subscribers">
        {mayWrite && (
          <Group gap="xs">
            <LinkButton to="/transfer" variant="default">
              Import and export
            </LinkButton>
            <LinkButton to="/subscribers/new">Add a subscriber</LinkButton>
          </Group>
        )}
      </PageHead>
      <Group mb="md" align="flex-end">
        <TextInput
          type="search"
          label="E-mail address"
          placeholder="The whole address"
          flex="1 1 14rem"
          maw={360}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NativeSelect
          label="State"
          data={[{ value: '', label: 'any' }, ...STATUSES]}
          value={status}
          onChange={(event) => setStatus(event.currentTarget.value as SubscriberStatus | '')}
        />
      </Group>
      <List
        of={subscribers}
        empty={
          wanted || status
            ? 'No subscriber fits. Search by the whole address.'
            : 'There are no subscribers yet.'
        }
      >
        {(one) => (
          <Row
            key={one.id}
            title={one.email}
            to={`/subscribers/${one.id}`}
            meta={[one.name, `since ${showTime(one.createdAt)}`, one.suppressed && 'suppressed: gets no mail']
              .filter(Boolean)
              .join(' · ')}
          >
            <StatusBadge status={one.status} />
          </Row>
        )}
      </List>
    </>
  );
}
