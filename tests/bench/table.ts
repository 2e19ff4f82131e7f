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

/** A table of what is known of one benchmark alone. */
interface Details {
  title: string;
  bench: string;
  columns: Record<string, (row: Row) => number | string | undefined>;
}

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : (ms / 1000).toFixed(2));

const DETAILS: readonly Details[] = [
  {
    title: 'From publishing to the outcome in the ledger',
    bench: 'overtake',
    columns: {
      'first, s': (row) => seconds(row.firstMs),
      'p50, s': (row) => seconds(row.p50Ms),
      'p99, s': (row) => seconds(row.p99Ms),
      'last, s': (row) => seconds(row.lastMs),
      'alert, per second': (row) => row.perSecond.toFixed(0),
      'alert and digest, per second': (row) => row.allPerSecond,
    },
  },
  {
    title: 'As it is out there',
    bench: 'deliver-real',
    columns: {
      conns: (row) => row.connections,
      'bytes each': (row) => row.bytesPerMessage,
      'outcomes per second': (row) => row.perSecond.toFixed(0),
      'taken per second': (row) => row.takenPerSecond,
      'MB per second': (row) => (((row.takenPerSecond ?? 0) * (row.bytesPerMessage ?? 0)) / 1e6).toFixed(0),
      'put off': (row) => row.deferred,
      refused: (row) => row.refused,
      'all ended after, s': (row) => row.endedAfterSeconds,
    },
  },
  {
    title: 'Who gets what',
    bench: 'choice',
    columns: {
      case: (row) => row.case,
      seconds: (row) => (row.n / row.perSecond).toFixed(1),
      variants: (row) => row.variants,
      'articles each': (row) => row.articlesPerVariant,
      'worker, peak MB': (row) => row.peakRssMb.toFixed(0),
    },
  },
  {
    title: 'Calls of the pages of the desk',
    bench: 'admin',
    columns: {
      case: (row) => row.case,
      'p50, ms': (row) => row.p50Ms,
      'p95, ms': (row) => row.p95Ms,
      'p50 while sending, ms': (row) => row.busyP50Ms,
      'p95 while sending, ms': (row) => row.busyP95Ms,
      'calls while sending': (row) => row.busyCalls,
    },
  },
  {
    title: 'Answers in numbers',
    bench: 'stats',
    columns: {
      case: (row) => row.case,
      'p50, ms': (row) => row.p50Ms?.toFixed(1),
      'p95, ms': (row) => row.p95Ms?.toFixed(1),
    },
  },
];
/** What only the subject has, never a baseline. */
const hasDetails = (row: Row) =>
  [row.firstMs, row.endedAfterSeconds, row.variants, row.p95Ms].some((one) => one !== undefined);

/** The tables of details of the benchmarks that were run. */
function details(rows: readonly Row[]): { title: string; head: string[]; lines: string[][] }[] {
  return DETAILS.map(({ title, bench, columns }) => ({
    title,
    head: Object.keys(columns),
    lines: rows
      .filter((row) => row.bench === bench && hasDetails(row))
      .map((row) => Object.values(columns).map((cell) => String(cell(row) ?? ''))),
  })).filter(({ lines }) => lines.length > 0);
}

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

/** The rows for a terminal, and under them what is known of some alone. */
export function plainTable(rows: readonly Row[]): string {
  return [
    aligned(HEAD, rows.map(cells)),
    ...details(rows).map(({ title, head, lines }) => `${title}\n${aligned(head, lines)}`),
  ].join('\n\n');
}

function aligned(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const table = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
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
    `Measured ${at.slice(0, 10)} at commit \`${commit.replace(/^([0-9a-f]{7})[0-9a-f]*/, '$1')}\`: ${machine.cpus} cores (${machine.model}), ` +
      `${machine.memoryGb} GB, ${machine.os}, Node ${machine.node}, load average before ${machine.loadBefore}.`,
    markdownTable(['aim', 'wanted', 'measured', 'met'], aims),
    markdownTable(HEAD, rows.map(cells)),
    ...details(rows).flatMap(({ title, head, lines }) => [`${title}:`, markdownTable(head, lines)]),
  ].join('\n\n');
}
