import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { checkNode, isAlive, main, PlainError, ROOT, say } from './project.mjs';
import { startServices } from './services.mjs';

const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
const JEST_CACHE = join(ROOT, 'node_modules/.cache/jest');
/** Free memory (bytes) that makes a scratch folder in memory safe: many times what a run has been seen to use. */
const ROOM_IN_MEMORY = 4e9;
/** One more than there are processors: at any time some test waits, for a server to come back or a lock to run out. */
const WORKERS = Math.min(availableParallelism() + 1, 6);
/** How long Jest may take to end once it has written its results: whatever is still open then was left open. */
const AFTERMATH_MS = 15_000;

/**
 * A folder for all that the run leaves lying about. In memory, databases are copied ten times as fast. Takes those of
 * runs that were killed away.
 */
function makeScratch() {
  const memory = '/dev/shm';
  const fits = existsSync(memory) && statfsSync(memory).bavail * statfsSync(memory).bsize > ROOM_IN_MEMORY;
  const parent = fits ? memory : tmpdir();
  for (const name of readdirSync(parent)) {
    const pid = /^broadsheet-run-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(parent, `broadsheet-run-${process.pid}-`));
}

/** Counts Jest's JSON report. A suite that broke without a failing test counts as one failure. */
function countResults(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // nothing of it is left
  }
}

/** Runs Jest in a process group of its own, so that nothing its tests started outlives it. @returns its exit code */
function runJest(args, env, results) {
  // Modules are compiled anew for each test file: most of what that leaves dies young.
  const node = [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    '--max-semi-space-size=32',
  ];
  const report = [
    `--maxWorkers=${WORKERS}`,
    '--json',
    `--outputFile=${results}`,
    `--cacheDirectory=${JEST_CACHE}`,
  ];
  const child = spawn(process.execPath, [...node, JEST, ...report, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 2, 2],
    detached: true,
  });
  const stop = () => killGroup(child, 'SIGTERM');
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const watch = setInterval(() => {
    if (!existsSync(results)) return;
    clearInterval(watch);
    setTimeout(() => {
      say('The tests are over, but something they opened keeps Jest alive; ending it.');
      killGroup(child, 'SIGKILL');
    }, AFTERMATH_MS).unref();
  }, 500);
  watch.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      killGroup(child, 'SIGKILL');
      resolve(code);
    });
  });
}

/** The unit tier alone runs anywhere, without a database, a queue or a browser. */
function needsServices(args) {
  return !(args[0] === '--selectProjects' && args[1] === 'unit');
}

/** @returns 1 when the build failed. Jest compiles for itself, so its verdict is worth having all the same. */
async function tryBuild() {
  try {
    await build();
    return 0;
  } catch (error) {
    if (!(error instanceof PlainError) || !existsSync(JEST)) throw error;
    say(`${error.message} It counts as a failed test.`);
    return 1;
  }
}

await main(async () => {
  let interrupted;
  const remember = (signal) => (interrupted ??= signal);
  process.on('SIGINT', remember).on('SIGTERM', remember);
  checkNode();
  const scratch = makeScratch();
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  chmodSync(scratch, 0o755); // PostgreSQL's data lies in it, and PostgreSQL is another user
  process.env.TMPDIR = scratch;
  const building = tryBuild();
  building.catch(() => undefined); // it is waited for below
  const args = process.argv.slice(process.argv[2] === '--' ? 3 : 2);
  const services = needsServices(args) ? await startServices() : { env: {}, stop: () => undefined };
  let counts = { passed: 0, failed: 0, skipped: 0 };
  let code = 1;
  try {
    const broken = await building;
    if (!interrupted) {
      const results = join(scratch, 'results.json');
      code = await runJest(args, services.env, results);
      counts = countResults(results);
      counts.failed += broken;
    }
  } finally {
    await services.stop();
  }
  if (interrupted) process.exit(interrupted === 'SIGINT' ? 130 : 143);
  const { passed, failed, skipped } = counts;
  if (passed + failed === 0) say('No test was run.');
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1;
});
