import { Table } from '@mantine/core';
import { useOne } from '../api/queries';
import { clicksText } from '../numbers/clicks-text';
import { CsvLink, csvHref } from '../numbers/csv-link';
import { Link } from '../router/router';
import { countOf, showNumber } from '../ui/format';
import { Empty, Loaded } from '../ui/states';
import { WideTable } from '../ui/wide-table';
import type { Period } from './period';

const SHOWN = 20;
const isNumber = true as const;
const NUMBERS = ['Mails', 'Bounced', 'Complained', 'Unsubscribed'].map((name) => ({ name, isNumber }));

/** What is compared, by its path. */
const KINDS = {
  '/stats/topics': { one: 'Topic', label: 'Topics', pageOf: undefined },
  '/stats/articles': { one: 'Article', label: 'Articles', pageOf: (id: string) => `/articles/${id}` },
} as const;

/** The topics or articles of a period, those first that most people clicked on. A mail counts for each that was in it. */
export function MostClicked({ path, period }: { path: keyof typeof KINDS; period: Period }) {
  const { one, label, pageOf } = KINDS[path];
  const query = { ...period.query, order: 'clicks' as const, limit: SHOWN };
  const stats = useOne(path, undefined, query);
  return (
    <Loaded of={stats}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty>Nothing was sent in these days.</Empty>
        ) : (
          <>
            <WideTable label={label} columns={[one, ...NUMBERS, 'Clicks']}>
              {data.map(({ key, name, accepted, bounced, complained, unsubscribed, clicks }) => (
                <Table.Tr key={key}>
                  <Table.Th scope="row">{pageOf ? <Link to={pageOf(key)}>{name}</Link> : name}</Table.Th>
                  <Table.Td className="number">{showNumber(accepted)}</Table.Td>
                  <Table.Td className="number">{countOf(bounced, accepted)}</Table.Td>
                  <Table.Td className="number">{countOf(complained, accepted)}</Table.Td>
                  <Table.Td className="number">{countOf(unsubscribed, accepted)}</Table.Td>
                  <Table.Td className="unbroken">{clicksText(clicks)}</Table.Td>
                </Table.Tr>
              ))}
            </WideTable>
            <CsvLink of={label} href={csvHref(path, { ...query, limit: String(SHOWN) })} />
          </>
        )
      }
    </Loaded>
  );
}
