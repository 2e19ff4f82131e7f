import { NativeSelect, Table, TextInput } from '@mantine/core';
import { WideTable } from '../ui/wide-table';
import { FIELD_NAMES, type ColumnMapping, type Field, type Import } from './words';

const CHOICES = Object.entries(FIELD_NAMES).map(([value, label]) => ({ value, label }));

interface MappingTableProps {
  known: Import;
  mapping: ColumnMapping[];
  change: (mapping: ColumnMapping[]) => void;
}

/** Each column with some of its cells, and what it is taken for. */
export function MappingTable({ known: { columns, samples }, mapping, change }: MappingTableProps) {
  const set = (index: number, one: ColumnMapping) =>
    change(mapping.map((is, at) => (at === index ? one : is)));
  return (
    <WideTable label="Columns of the file" columns={['Column', 'Taken for', 'Samples']}>
      {columns.map((column, index) => {
        const { field, attribute = column } = mapping[index] ?? { field: 'ignore' };
        return (
          <Table.Tr key={index}>
            <th scope="row">{column}</th>
            <Table.Td>
              <NativeSelect
                aria-label={`${column}: taken for`}
                data={CHOICES}
                value={field}
                miw={180}
                onChange={(event) => {
                  const chosen = event.currentTarget.value as Field;
                  set(index, chosen === 'attribute' ? { field: chosen, attribute } : { field: chosen });
                }}
              />
              {field === 'attribute' && (
                <TextInput
                  mt="xs"
                  aria-label={`${column}: name of the attribute`}
                  value={attribute}
                  onChange={(event) => set(index, { field, attribute: event.currentTarget.value })}
                />
              )}
            </Table.Td>
            <Table.Td className="row-meta">
              {samples
                .map((cells) => cells[index] ?? '')
                .filter(Boolean)
                .slice(0, 3)
                .join(' · ') || '–'}
            </Table.Td>
          </Table.Tr>
        );
      })}
    </WideTable>
  );
}
