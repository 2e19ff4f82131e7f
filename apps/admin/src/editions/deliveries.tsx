import { NativeSelect, Table } from '@mantine/core';
import { z } from 'zod/mini';
import { useList } from '../api/queries';
import type { Delivery, DeliveryStatus, Edition } from '../api/types';
import { Link } from '../router/router';
import { oneOf, useFilters } from '../router/use-filters';
import { showTime } from '../ui/format';
import { More } from '../ui/rows';
import { Empty, Loaded } from '../ui/states';
import { StatusBadge } from '../ui/status-badge';

const EVERY = { value: '', label: 'in any state' };
const STATES: DeliveryStatus[] = [
  'queued',
  'claimed',
  'accepted',
  'deferred',
  'failed',
  'suppressed',
  'expired',
  'uncertain',
];

const filters = z.object({ deliveries: oneOf(STATES) });

/** The ledger of an edition: one row per reader. */
export function Deliveries({ edition }: { edition: Edition }) {
  const [{ deliveries: status = '' }, set] = useFilters(filters);
  const deliveries = useList(
    '/editions/{id}/deliveries',
    { status: status || undefined },
    // Once it has ended it is looked at no more, and the last look may have been before the last reader.
    { id: edition.id, anewWhen: edition.status },
  );
  return (
    <>
      <NativeSelect
        label="Show deliveries"
        w={200}
        mb="md"
        data={[EVERY, ...STATES.map((value) => ({ value, label: value }))]}
        value={status}
        onChange={({ currentTarget }) => set({ deliveries: currentTarget.value })}
      />
      <Loaded of={{ ...deliveries, data: deliveries.rows }}>
        {(rows) =>
          rows.length > 0 ? <Ledger rows={rows} /> : <Empty>No delivery is {status || 'recorded yet'}.</Empty>
        }
      </Loaded>
      <More of={deliveries} />
    </>
  );
}

function Ledger({ rows }: { rows: Delivery[] }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Deliveries">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Reader</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Attempts</Table.Th>
            <Table.Th>The mail server said</Table.Th>
            <Table.Th>Last change</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <LedgerRow key={row.messageId} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function LedgerRow({ row }: { row: Delivery }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Link style={{ whiteSpace: 'nowrap' }} to={`/subscribers/${row.subscriberId}`}>
          …{row.subscriberId.slice(-8)}
        </Link>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={row.status} />
        {row.inDoubt && <span className="quiet small"> may have been doubled</span>}
      </Table.Td>
      <Table.Td>{row.attempts}</Table.Td>
      <Table.Td className="small">{row.smtpReply ?? row.smtpCode ?? '–'}</Table.Td>
      <Table.Td className="small">{showTime(row.updatedAt)}</Table.Td>
    </Table.Tr>
  );
}
