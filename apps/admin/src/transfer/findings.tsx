import { Table } from '@mantine/core';
import { showNumber } from '../ui/format';
import { WideTable } from '../ui/wide-table';
import type { Import, ImportCounts } from './words';

interface FindingsProps {
  counts: ImportCounts;
  errors: Import['firstErrors'];
  lines?: number;
  /** Where the lines are that were left out. */
  errorFile?: string | undefined;
}

/** Counts of an import or a dry run, the reasons, and the first errors. */
export function Findings({ counts, errors, lines, errorFile }: FindingsProps) {
  const figures: [string, number][] = [
    ...(lines === undefined ? [] : [['Lines done', lines] satisfies [string, number]]),
    ['New readers', counts.made],
    ['Updated', counts.updated],
    ['Suppressed', counts.suppressed],
    ['Skipped', counts.skipped],
    ['Wrong', counts.failed],
  ];
  const reasons = Object.entries(counts.reasons);
  return (
    <>
      <dl className="facts">
        {figures.map(([name, value]) => (
          <Figure key={name} name={name} value={value} />
        ))}
      </dl>
      {reasons.length > 0 && (
        <p className="row-meta">
          Left out:{' '}
          {reasons.map(([code, count]) => `${showNumber(count)} ${code.replaceAll(/[_-]/g, ' ')}`).join(', ')}
        </p>
      )}
      {errorFile && (
        <p>
          <a href={errorFile} download>
            The lines that were left out, as CSV
          </a>
        </p>
      )}
      {errors.length > 0 && (
        <WideTable
          label="The first errors"
          columns={[{ name: 'Line', isNumber: true }, 'Field', 'What is wrong']}
        >
          {errors.slice(0, 20).map((error, index) => (
            <Table.Tr key={index}>
              <Table.Td className="number">{error.line}</Table.Td>
              <Table.Td>{error.field}</Table.Td>
              <Table.Td>{error.message}</Table.Td>
            </Table.Tr>
          ))}
        </WideTable>
      )}
    </>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{showNumber(value)}</dd>
    </>
  );
}
