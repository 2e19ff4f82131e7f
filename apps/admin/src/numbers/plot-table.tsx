import { Table } from '@mantine/core';
import { showNumber } from '../ui/format';
import { WideTable } from '../ui/wide-table';
import type { PlotProps, Point } from './plot';

type PlotTableProps = Pick<PlotProps, 'axis' | 'points' | 'series'> & { label: string };

/** What a plot shows, in numbers. Places where nothing was counted are left out. */
export function PlotTable({ label, axis, points, series }: PlotTableProps) {
  const shown = points.filter((point) => series.some(({ name }) => point[name] !== 0));
  const isNumber = true as const;
  return (
    <WideTable label={label} columns={[axis, ...series.map((one) => ({ name: one.label, isNumber }))]}>
      {shown.map((point) => (
        <Table.Tr key={point.label}>
          <Table.Th scope="row">{point.label}</Table.Th>
          {series.map(({ name }) => (
            <Table.Td key={name} className="number">
              {showNumber(valueAt(point, name))}
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </WideTable>
  );
}

function valueAt(point: Point, name: string): number {
  return Number(point[name] ?? 0);
}
