/**
 * `node scripts/complete-lock.mjs package-lock.json`, after every `npm install`: adds the optional platform packages
 * that npm left out because a registry did not serve them, so that `npm ci` holds the lockfile complete everywhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
const file = process.argv[2];
const lock = JSON.parse(readFileSync(file, 'utf8'));
const OS = [
  'darwin',
  'linux',
  'win32',
  'android',
  'freebsd',
  'openharmony',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
];
const has = (from, name) => {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at ? at + '/' : ''}node_modules/${name}`;
    if (lock.packages[path]) return true;
    if (!at) return false;
    if (!at.includes('/node_modules/')) at = '';
    if (at === '') return Boolean(lock.packages[`node_modules/${name}`]);
  }
};
let added = 0;
for (const [path, p] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(p.optionalDependencies ?? {})) {
    if (has(path, name)) continue;
    const words = name.split('/').at(-1).split(/[-.]/);
    const os = OS.find((o) => words.includes(o));
    const cpu = words.includes('wasm32')
      ? 'wasm32'
      : words.find((w) =>
          ['x64', 'arm64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el'].includes(w),
        );
    if (!/^\d/.test(version)) {
      console.log('no exact version', path, name, version);
      continue;
    }
    const entry = { version };
    if (cpu) entry.cpu = [cpu];
    if (p.dev) entry.dev = true;
    if (words.includes('musl')) entry.libc = ['musl'];
    else if (words.includes('gnu') && os === 'linux') entry.libc = ['glibc'];
    entry.optional = true;
    if (os) entry.os = [os];
    lock.packages[`node_modules/${name}`] = entry;
    added += 1;
    console.log('added', name, JSON.stringify(entry));
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
lock.packages = sorted;
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
console.log(added, 'added');
