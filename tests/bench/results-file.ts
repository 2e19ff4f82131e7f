import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import type { Results, Row } from './results.js';

/** Named in the contract of `npm run bench`. */
export const RESULTS_FILE = 'bench/results.json';

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return (
      git('rev-parse', 'HEAD') +
      (git('status', '--porcelain', 'apps', 'libs', 'tests/bench') ? '-changed' : '')
    );
  } catch {
    return 'unknown';
  }
}

/** Where and on what a run takes place; ask before it, so that the load is that of others. */
export function circumstances(): Omit<Results, 'rows'> {
  const processors = cpus();
  return {
    commit: commit(),
    at: new Date().toISOString(),
    machine: {
      cpus: processors.length,
      node: process.versions.node,
      model: processors[0]?.model ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      os: `${type()} ${release()}`,
      loadBefore: Number(loadavg()[0]?.toFixed(1) ?? 0),
    },
  };
}

/** @returns undefined when no benchmark was run yet */
export function readResults(): Results | undefined {
  return existsSync(RESULTS_FILE) ? (JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as Results) : undefined;
}

/** Writes the results file anew: all that is in it is of one run. */
export function writeResults(run: Omit<Results, 'rows'>, rows: readonly Row[]): Results {
  const results = { ...run, rows: [...rows] };
  mkdirSync(dirname(RESULTS_FILE), { recursive: true });
  writeFileSync(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`);
  return results;
}
