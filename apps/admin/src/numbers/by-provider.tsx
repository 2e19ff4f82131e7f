import { Table } from '@mantine/core';
import type { EditionStats } from '../api/types';
import { countOf, showNumber } from '../ui/format';
import { WideTable } from '../ui/wide-table';
import { Plot, type Series } from './plot';

const isNumber = true as const;
const COLUMNS = [
  'Provider',
  ...['Readers', 'Accepted', 'Put off', 'Failed', 'Bounced', 'Complained', 'Unsubscribed'].map((name) => ({
    name,
    isNumber,
  })),
];
const LOST: Series[] = [
  { name: 'failed', label: 'Failed', colour: 'calm' },
  { name: 'bounced', label: 'Bounced', colour: 'amber' },
  { name: 'complained', label: 'Complained', colour: 'bad' },
];
/** Of the plot; the table has all. */
const MOST = 12;

/** How the mail fared with those who run the readers' mailboxes. */
export function ByProvider({ rows, csv }: { rows: EditionStats['data']; csv: string }) {
  // Clicks tell nobody's provider: their row has no other numbers.
  const known = rows
    .filter(({ key }) => key !== null && key !== undefined)
    .sort((a, b) => b.frozen - a.frozen || b.accepted - a.accepted);
  return (
    <Plot
      title="What did not arrive or was not wanted, by provider"
      axis="Provider"
      points={known.slice(0, MOST).map(({ key, failed, bounced, complained }) => ({
        label: nameOf(key),
        failed,
        bounced,
        complained,
      }))}
      series={LOST}
      isStacked
      csv={csv}
      empty={known.length > 0 ? 'Nothing failed, bounced or was complained of.' : 'Nothing was sent.'}
      table={known.length > 0 && <ProviderTable rows={known} />}
    />
  );
}

function ProviderTable({ rows }: { rows: EditionStats['data'] }) {
  return (
    <WideTable label="By provider" columns={COLUMNS}>
      {rows.map((row) => (
        <Table.Tr key={row.key}>
          <Table.Th scope="row">{nameOf(row.key)}</Table.Th>
          <Table.Td className="number">{showNumber(row.frozen)}</Table.Td>
          <Table.Td className="number">{showNumber(row.accepted)}</Table.Td>
          <Table.Td className="number">{showNumber(row.deferred)}</Table.Td>
          <Table.Td className="number">{countOf(row.failed, row.failed + row.accepted)}</Table.Td>
          <Table.Td className="number">{countOf(row.bounced, row.accepted)}</Table.Td>
          <Table.Td className="number">{countOf(row.complained, row.accepted)}</Table.Td>
          <Table.Td className="number">{countOf(row.unsubscribed, row.accepted)}</Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}

function nameOf(key: string | null | undefined): string {
  return key === 'other' ? 'not known' : (key ?? '');
}
