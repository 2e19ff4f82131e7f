import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';

/** One measured case. `ratios` compare its rate with baselines of the same run: 2 is twice as many a second. */
export interface Row {
  bench: string;
  case: string;
  n: number;
  perSecond: number;
  cpuMsPerOp: number;
  peakRssMb: number;
  ratios: Record<string, number>;
}

const round = (value: number, digits = 2) => Number(value.toFixed(digits));

/** Fills in each row's ratio to the baseline case of its bench. */
export function withRatios(rows: Omit<Row, 'ratios'>[], baseline: string): Row[] {
  const base = rows.find((row) => row.case === baseline);
  return rows.map((row) => ({
    ...row,
    perSecond: round(row.perSecond),
    cpuMsPerOp: round(row.cpuMsPerOp, 4),
    peakRssMb: round(row.peakRssMb, 1),
    ratios: base && base !== row ? { [baseline]: round(row.perSecond / base.perSecond) } : {},
  }));
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** Writes the results file named in the contract. */
export function writeResults(file: string, rows: Row[]): void {
  const machine = { cpus: cpus().length, node: process.versions.node };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ commit: commit(), at: new Date().toISOString(), machine, rows }, null, 2)}\n`,
  );
}

/** Prints the rows as a table. */
export function printTable(rows: Row[]): void {
  const cells = rows.map((row) => [
    row.bench,
    row.case,
    String(row.n),
    row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
    row.cpuMsPerOp.toFixed(3),
    row.peakRssMb.toFixed(0),
    Object.entries(row.ratios)
      .map(([name, ratio]) => `${ratio} × ${name}`)
      .join(', '),
  ]);
  const table = [['bench', 'case', 'n', 'per second', 'CPU ms/op', 'peak MB', 'ratio'], ...cells];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of table)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
