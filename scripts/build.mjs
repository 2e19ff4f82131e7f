import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { install, INSTALLED, needsInstall } from './install.mjs';
import { withLock } from './lock.mjs';
import { checkNode, main, ROOT, run, say } from './project.mjs';

const DIST = join(ROOT, 'dist');
/** tsc's record of what it has compiled. */
const RECORD = join(DIST, '.tsbuildinfo');
const ADMIN = join(ROOT, 'apps/admin');
const CODE_FOLDERS = ['apps', 'libs', 'tests/bench', 'tests/support'];
/** Less fits into one packet anyway. */
const WORTH_COMPRESSING_BYTES = 1024;
const NOT_WALKED = new Set(['node_modules', 'dist', '.git']);

/** Every file under a folder, except in the folders left out. */
function* filesUnder(folder, leftOut = []) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && !NOT_WALKED.has(entry.name) && !leftOut.includes(path))
      yield* filesUnder(path, leftOut);
  }
}

function* codeFiles() {
  for (const folder of CODE_FOLDERS) {
    for (const file of filesUnder(join(ROOT, folder), [ADMIN])) {
      if (/\.(ts|json)$/.test(file) && !file.endsWith('.spec.ts') && !file.includes('/migrations/'))
        yield file;
    }
  }
}

/** Changes when a file is added, removed, or written to. Reads no contents, so it takes milliseconds. */
function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function configFiles() {
  return ['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(ROOT, name));
}

function outputOf(source) {
  return join(DIST, relative(ROOT, source).replace(/\.ts$/, '.js'));
}

/** Removes what earlier sources left, lest an import of a deleted file still work. */
function removeOrphans() {
  const wanted = new Set([...codeFiles()].map(outputOf));
  for (const folder of CODE_FOLDERS) {
    for (const file of filesUnder(join(DIST, folder))) {
      if (/\.js(\.map)?$/.test(file) && !wanted.has(file.replace(/\.map$/, ''))) rmSync(file);
    }
  }
}

/** The incremental record does not see what packages that came later add to each other's types: it goes when packages were installed. */
function forgetOldPackages() {
  const isOld = existsSync(RECORD) && existsSync(INSTALLED) && mtime(RECORD) < mtime(INSTALLED);
  if (isOld) rmSync(RECORD);
}

const mtime = (file) => statSync(file).mtimeMs;

/** Compiles the code as it is. @throws PlainError when it has errors; what could be compiled is there all the same */
export async function compile() {
  say('Compiling TypeScript …');
  forgetOldPackages();
  const tsc = () =>
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
  await tsc();
  const missing = [...codeFiles()].some((file) => /(?<!\.d)\.ts$/.test(file) && !existsSync(outputOf(file)));
  if (missing) {
    // Somebody removed outputs that the incremental record still counts on.
    rmSync(RECORD, { force: true });
    await tsc();
  }
  removeOrphans();
}

async function bundleAdmin() {
  say('Bundling the admin UI …');
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const target = ['--outDir', join(DIST, 'admin'), '--emptyOutDir', '--logLevel', 'warn'];
  await run(process.execPath, [vite, 'build', ADMIN, ...target]);
  await Promise.all([...filesUnder(join(DIST, 'admin/assets'))].map(compressed));
}

/** A file that is made once and sent often lies beside its compressed forms; @fastify/static sends the one that was asked for. */
async function compressed(file) {
  if (!/\.(css|js|svg)$/.test(file) || statSync(file).size < WORTH_COMPRESSING_BYTES) return;
  const body = readFileSync(file);
  writeFileSync(`${file}.br`, await promisify(brotliCompress)(body));
  writeFileSync(`${file}.gz`, await promisify(gzip)(body, { level: 9 }));
}

/** The parts of a build: what each is made of, what shows that it is there, and how it is made. */
const PARTS = [
  {
    name: 'code',
    isWanted: () => true,
    sources: () => [...codeFiles(), ...configFiles()],
    result: join(DIST, 'libs'),
    make: compile,
  },
  {
    name: 'admin',
    isWanted: () => existsSync(join(ADMIN, 'vite.config.ts')),
    sources: () => [...filesUnder(ADMIN), join(ROOT, 'package.json')],
    result: join(DIST, 'admin'),
    make: bundleAdmin,
  },
];

function stampOf(part) {
  return join(DIST, `.built-${part.name}`);
}

function isFresh(part) {
  if (!part.isWanted()) return true;
  if (!existsSync(part.result) || !existsSync(stampOf(part))) return false;
  return readFileSync(stampOf(part), 'utf8') === fingerprint(part.sources());
}

/** Whether there is anything to build from: a production image holds dist only. */
export function hasSources() {
  return existsSync(join(ROOT, 'tsconfig.build.json')) && existsSync(join(ROOT, 'libs/kernel/src'));
}

async function buildPart(part) {
  const made = fingerprint(part.sources()); // before: what changes meanwhile is built next time
  await part.make();
  writeFileSync(stampOf(part), made);
}

/**
 * Installs and builds what is missing or old; quiet and quick when nothing is. Processes that build at once wait for
 * each other.
 */
export async function build() {
  checkNode();
  if (!hasSources() || (!needsInstall() && PARTS.every(isFresh))) return;
  mkdirSync(DIST, { recursive: true });
  await withLock(join(DIST, '.lock'), async () => {
    await install();
    const built = await Promise.allSettled(PARTS.filter((part) => !isFresh(part)).map(buildPart));
    const failed = built.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(build);
