import { Alert, Button, Group, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { refresh, useList } from '../api/queries';
import { answer, api, at } from '../api/request';
import { counted, showTime } from '../ui/format';
import { List, Row } from '../ui/rows';
import { messageOf } from '../ui/states';
import { StateBadge } from './state-badge';
import type { Export } from './words';
import type { SubscriberStatus } from '../api/types';

const WHO = ['', 'active', 'pending', 'unsubscribed', 'bounced', 'complained'];

/** Has files of readers written, and hands them out while they are kept. */
export function Exports() {
  const exports = useList('/exports', {}, { limit: 20 });
  const [status, setStatus] = useState<SubscriberStatus | ''>('');
  const begin = useMutation({
    mutationFn: () => answer(api.POST('/exports', { body: { filter: status === '' ? {} : { status } } })),
    onSuccess: () => refresh('/exports'),
  });
  const fetchFile = useMutation({ mutationFn: save });
  const error = begin.error ?? fetchFile.error;
  return (
    <>
      <Group align="flex-end" mb="md">
        <NativeSelect
          label="Readers to export"
          data={WHO.map((value) => ({ value, label: value === '' ? 'all of them' : value }))}
          value={status}
          onChange={(event) => setStatus(event.currentTarget.value as SubscriberStatus | '')}
        />
        <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
          Write a file
        </Button>
      </Group>
      {error && (
        <Alert color="accent" variant="light" role="alert">
          {messageOf(error)}
        </Alert>
      )}
      <List of={exports} empty="No file was written yet.">
        {(one) => (
          <Row key={one.id} title={titleOf(one)} meta={metaOf(one)}>
            <StateBadge status={one.status} />
            {one.fileUntil && (
              <Button
                size="xs"
                variant="default"
                aria-label={`Download ${titleOf(one)}`}
                onClick={() => fetchFile.mutate(one.id)}
              >
                Download
              </Button>
            )}
          </Row>
        )}
      </List>
    </>
  );
}

const titleOf = ({ createdAt, filter }: Export) =>
  `${typeof filter['status'] === 'string' ? filter['status'] : 'All'} readers, ${showTime(createdAt)}`;

const metaOf = ({ lines, startedBy, fileUntil }: Export) =>
  [
    counted(lines, 'reader'),
    startedBy && `by ${startedBy}`,
    fileUntil ? `kept until ${showTime(fileUntil)}` : 'no longer kept',
  ]
    .filter(Boolean)
    .join(' · ');

/** By a call and no link: whoever has not signed in lately is asked to, before the file comes. */
async function save(id: string): Promise<void> {
  const file = await answer(api.GET('/exports/{id}/file', { ...at(id), parseAs: 'blob' }));
  const href = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href, download: 'readers.csv' });
  link.click();
  URL.revokeObjectURL(href);
}
