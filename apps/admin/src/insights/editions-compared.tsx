import { Table } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { one, useDigests, useList } from '../api/queries';
import type { Edition, EditionStats } from '../api/types';
import { titleOf } from '../editions/view/edition-title';
import { clicksText } from '../numbers/clicks-text';
import { Plot, type Series } from '../numbers/plot';
import { Link } from '../router/router';
import { countOf, showNumber, showTime } from '../ui/format';
import { Empty, Failed, Waiting } from '../ui/states';
import { WideTable } from '../ui/wide-table';
import type { Period } from './period';

/** Editions that are asked for, and those of the period that are shown. */
const LOOKED_AT = 100;
const SHOWN = 10;
const isNumber = true as const;
const COLUMNS = [
  'Edition',
  ...['Accepted', 'Bounced', 'Complained', 'Unsubscribed'].map((name) => ({ name, isNumber })),
  'Clicks',
];
const CLICKS: Series[] = [
  { name: 'people', label: 'People', colour: 'calm' },
  { name: 'scanners', label: 'Scanners', colour: 'quiet' },
];
const LOST: Series[] = [
  { name: 'unsubscribed', label: 'Unsubscribed', colour: 'quiet' },
  { name: 'bounced', label: 'Bounced', colour: 'amber' },
  { name: 'complained', label: 'Complained', colour: 'bad' },
];

interface Compared {
  edition: Edition;
  title: string;
  total: EditionStats['total'];
}

/** The last editions of a period beside each other, each with all that was ever counted of it. */
export function EditionsCompared({ period }: { period: Period }) {
  const list = useList('/editions', {}, { limit: LOOKED_AT });
  const { data: digests } = useDigests();
  const begun = (list.rows ?? []).filter((edition) => isIn(edition, period)).slice(0, SHOWN);
  const numbers = useQueries({
    queries: begun.map(({ id }) => one('/stats/editions/{id}', id, { by: 'provider' })),
  });
  const failed = numbers.find(({ error }) => error);
  if (!list.rows) return list.error ? <Failed error={list.error} again={list.refetch} /> : <Waiting />;
  if (begun.length === 0) return <Empty>No edition went out in these days.</Empty>;
  if (failed) return <Failed error={failed.error} again={failed.refetch} />;
  if (numbers.some(({ data }) => !data)) return <Waiting />;
  const compared = begun.flatMap((edition, at) => {
    const total = numbers[at]?.data?.total;
    const title = titleOf(
      edition,
      digests?.find(({ id }) => id === edition.digestId),
    );
    return total ? [{ edition, title, total }] : [];
  });
  return (
    <>
      <ComparedTable rows={compared} />
      <Plot
        title="Who clicked, by edition"
        axis="Edition"
        points={pointsOf(compared)}
        series={CLICKS}
        isStacked
        empty="Nobody clicked, or clicks are not measured."
        table={false}
      />
      <Plot
        title="Whom an edition lost"
        axis="Edition"
        points={pointsOf(compared)}
        series={LOST}
        isStacked
        empty="Nobody bounced, complained or left."
        table={false}
      />
    </>
  );
}

function ComparedTable({ rows }: { rows: Compared[] }) {
  return (
    <WideTable label="The last editions" columns={COLUMNS}>
      {rows.map(({ edition, title, total }) => (
        <Table.Tr key={edition.id}>
          <Table.Th scope="row">
            <Link to={`/editions/${edition.id}`}>{title}</Link>
            <div className="quiet small">{showTime(edition.startedAt)}</div>
          </Table.Th>
          <Table.Td className="number">{showNumber(total.accepted)}</Table.Td>
          <Table.Td className="number">{countOf(total.bounced, total.accepted)}</Table.Td>
          <Table.Td className="number">{countOf(total.complained, total.accepted)}</Table.Td>
          <Table.Td className="number">{countOf(total.unsubscribed, total.accepted)}</Table.Td>
          <Table.Td className="unbroken">{clicksText(total.clicks)}</Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}

/** The oldest first, as time goes; a title is cut so that its neighbours have a place. */
function pointsOf(rows: readonly Compared[]) {
  return rows.toReversed().map(({ title, total }, at) => ({
    label: `${at + 1}. ${title.length > 16 ? `${title.slice(0, 15)}…` : title}`,
    ...total.clicks,
    bounced: total.bounced,
    complained: total.complained,
    unsubscribed: total.unsubscribed,
  }));
}

function isIn({ startedAt }: Edition, { query: { from, to } }: Period): boolean {
  return startedAt !== null && startedAt >= from && startedAt < to;
}
