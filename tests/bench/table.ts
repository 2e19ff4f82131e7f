import { judge } from './aims.js';
import type { Results, Row } from './results.js';

const HEAD = [
  'bench',
  'case',
  'KB',
  'conns',
  'n',
  'per second',
  'CPU ms/op',
  'peak MB',
  'rate ÷ baseline',
  'CPU ÷ baseline',
];

const listed = (ratios: Record<string, number>) =>
  Object.entries(ratios)
    .map(([name, ratio]) => `${ratio} ${name}`)
    .join(', ');

function cells(row: Row): string[] {
  return [
    row.bench,
    row.case,
    String(row.messageKb ?? ''),
    String(row.connections ?? ''),
    String(row.n),
    row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
    row.cpuMsPerOp.toFixed(3),
    row.peakRssMb > 0 ? row.peakRssMb.toFixed(0) : '',
    listed(row.ratios),
    listed(row.cpuRatios),
  ];
}

/** The rows for a terminal. */
export function plainTable(rows: readonly Row[]): string {
  const table = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The aims of the run, one a line: what was wanted, what was measured. */
export function plainAims(rows: readonly Row[]): string {
  return judge(rows)
    .map(
      ({ aim, wanted, measured, met }) =>
        `${met ? 'met   ' : 'missed'}  ${aim}: ${measured} (wanted ${wanted})`,
    )
    .join('\n');
}

const markdownTable = (head: readonly string[], lines: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');

/** The whole run for docs/benchmarks.md. */
export function markdown({ at, commit, machine, rows }: Results): string {
  const aims = judge(rows).map(({ aim, wanted, measured, met }) => [
    aim,
    wanted,
    measured,
    met ? 'yes' : '**no**',
  ]);
  return [
    `Measured ${at.slice(0, 10)} at commit \`${commit.slice(0, 7)}\`: ${machine.cpus} cores (${machine.model}), ` +
      `${machine.memoryGb} GB, ${machine.os}, Node ${machine.node}, load average before ${machine.loadBefore}.`,
    markdownTable(['aim', 'wanted', 'measured', 'met'], aims),
    markdownTable(HEAD, rows.map(cells)),
  ].join('\n\n');
}
