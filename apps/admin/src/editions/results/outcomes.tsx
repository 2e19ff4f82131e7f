import { Button, Table } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { refresh, useList } from '../../api/queries';
import { answer, api, at } from '../../api/request';
import { useMay } from '../../api/session';
import type { Edition, EditionOutcome } from '../../api/types';
import { ConfirmButton } from '../../ui/confirm-button';
import { counted, showNumber } from '../../ui/format';
import { Empty, Loaded } from '../../ui/states';
import { StatusBadge } from '../../ui/status-badge';

const FIRST = 12;

/** What became of an edition's messages, in the servers' own words, by provider. */
export function Outcomes({ edition }: { edition: Edition }) {
  const outcomes = useList('/editions/{id}/outcomes', {}, { id: edition.id, anewWhen: edition.status });
  const [all, setAll] = useState(false);
  const maySend = useMay('editions:send');
  return (
    <>
      {maySend && <Resend edition={edition} />}
      <Loaded of={{ ...outcomes, data: outcomes.rows }}>
        {(rows) => {
          if (rows.length === 0) return <Empty>No server has answered yet.</Empty>;
          const shown = all ? rows : rows.slice(0, FIRST);
          return (
            <>
              <OutcomeTable rows={shown} />
              {rows.length > shown.length && (
                <Button mt="sm" size="xs" variant="default" onClick={() => setAll(true)}>
                  Show all {showNumber(rows.length)}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function OutcomeTable({ rows }: { rows: EditionOutcome[] }) {
  return (
    <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label="Outcomes by reply and provider">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Provider</Table.Th>
            <Table.Th>The server said</Table.Th>
            <Table.Th ta="end">Messages</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ status, code, words, provider, count }) => (
            <Table.Tr key={[status, code, words, provider].join(' ')}>
              <Table.Td>
                <StatusBadge status={status} />
              </Table.Td>
              <Table.Td>{provider}</Table.Td>
              <Table.Td className="small anywhere">{[code, words].filter(Boolean).join(' ') || '–'}</Table.Td>
              <Table.Td ta="end">{showNumber(count)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Sends again what failed for good. */
function Resend({ edition }: { edition: Edition }) {
  const { counts, status } = edition;
  const failed = counts.failed + counts.expired;
  const resend = useMutation({
    mutationFn: (inDoubt: boolean) =>
      answer(api.POST('/editions/{id}/resend-failed', { ...at(edition.id), body: { inDoubt } })),
    onSuccess: () => refresh('/editions'),
  });
  const isOver = status === 'sent' || status === 'sending' || status === 'paused';
  if (!isOver || (failed === 0 && counts.uncertain === 0)) return null;
  return (
    <div className="resend">
      {failed > 0 && (
        <ConfirmButton
          label={`Send ${counted(failed, 'failed message')} again`}
          title="Send what failed again?"
          yes="Send them again"
          act={() => resend.mutateAsync(false)}
        >
          Those go out again that failed for good or were given up. Readers who left meanwhile, or whose
          address is suppressed, get nothing; nobody whose mail was accepted gets it twice.
        </ConfirmButton>
      )}
      {counts.uncertain > 0 && (
        <ConfirmButton
          label={`Those in doubt too (${showNumber(counts.uncertain)})`}
          title="Send those in doubt again?"
          yes="Send them again"
          act={() => resend.mutateAsync(true)}
        >
          The connection broke before the server answered: it may have accepted these. Whoever has got the
          mail gets it twice, with the same Message-ID.
        </ConfirmButton>
      )}
      {resend.data && (
        <span role="status" className="quiet small">
          {resend.data.queued === 0
            ? 'None could be sent again: their readers are suppressed or have left.'
            : `${counted(resend.data.queued, 'message')} on the way again.`}
        </span>
      )}
    </div>
  );
}
