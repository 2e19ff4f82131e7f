import { NativeSelect, Table, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { z } from 'zod/mini';
import { useList } from '../api/queries';
import { useMay } from '../api/session';
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
  const mayRead = useMay('readers:read');
  const [q, setQ] = useState('');
  const [wanted] = useDebouncedValue(q.trim(), 250);
  const deliveries = useList(
    '/editions/{id}/deliveries',
    { status: status || undefined, q: wanted || undefined },
    // Once it has ended it is looked at no more, and the last look may have been before the last reader.
    { id: edition.id, anewWhen: edition.status },
  );
  return (
    <>
      <div className="delivery-filters">
        {mayRead && (
          <TextInput
            type="search"
            label="Find a reader"
            placeholder="Part of the address or name"
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label="Show deliveries"
          w={200}
          data={[EVERY, ...STATES.map((value) => ({ value, label: value }))]}
          value={status}
          onChange={({ currentTarget }) => set({ deliveries: currentTarget.value })}
        />
      </div>
      <Loaded of={{ ...deliveries, data: deliveries.rows }}>
        {(rows) =>
          rows.length > 0 ? (
            <Ledger rows={rows} />
          ) : (
            <Empty>
              {wanted ? 'No delivery of such a reader.' : `No delivery is ${status || 'recorded yet'}.`}
            </Empty>
          )
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
          {row.email ?? `…${row.subscriberId.slice(-8)}`}
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
