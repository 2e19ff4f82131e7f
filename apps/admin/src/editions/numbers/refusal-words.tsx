import { Table } from '@mantine/core';
import { useList } from '../../api/queries';
import { Link } from '../../router/router';
import { showNumber } from '../../ui/format';
import { WideTable } from '../../ui/wide-table';

const LOOKED_AT = 200;
const SHOWN = 10;

/** In whose words we were refused, the most frequent first; nothing when nobody refused us. */
export function RefusalWords({ editionId }: { editionId: string }) {
  const { rows = [] } = useList(
    '/feedback/events',
    { editionId, kind: 'bounce', class: 'blocked' },
    { limit: LOOKED_AT },
  );
  if (rows.length === 0) return null;
  const words = new Map<string, number>();
  for (const { reason, status } of rows) {
    const said = reason || status || 'no words';
    words.set(said, (words.get(said) ?? 0) + 1);
  }
  const shown = [...words].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return (
    <>
      <h3 className="minor">We were refused, in these words</h3>
      <WideTable label="Words of refusal" columns={['They said', { name: 'Readers', isNumber: true }]}>
        {shown.map(([said, count]) => (
          <Table.Tr key={said}>
            <Table.Td className="small anywhere">{said}</Table.Td>
            <Table.Td className="number">{showNumber(count)}</Table.Td>
          </Table.Tr>
        ))}
      </WideTable>
      <p className="small">
        It is about us, not about these readers: <Link to="/deliverability">see what receivers judge by</Link>
        .
      </p>
    </>
  );
}
