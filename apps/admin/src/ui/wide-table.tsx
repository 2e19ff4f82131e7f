import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface WideTableProps {
  /** Said to who does not see it. */
  label: string;
  /** Heads of the columns; those of numbers stand on the right. */
  columns: (string | { name: string; isNumber: true })[];
  children: ReactNode;
}

/** A table that is wider than a telephone: it scrolls in its own place, by keyboard too. */
export function WideTable({ label, columns, children }: WideTableProps) {
  return (
    <div className="wide" role="region" aria-label={label} tabIndex={0}>
      <Table aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <Table.Th key={column}>{column}</Table.Th>
              ) : (
                <Table.Th key={column.name} className="number">
                  {column.name}
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}
