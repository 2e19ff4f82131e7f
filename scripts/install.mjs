import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, say } from './project.mjs';

const WANTED = join(ROOT, 'package-lock.json');
/** npm's own record of what it installed. */
export const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
/** npm writes both files within one install, in either order. */
const SAME_INSTALL_MS = 2_000;

function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** Whether every package of the lockfile is there in its version. A checkout alone makes the lockfile newer. */
function hasAllPackages() {
  const installed = packagesIn(INSTALLED);
  return Object.entries(packagesIn(WANTED)).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' ||
      installed[path]?.version === version ||
      (!installed[path] && (optional || devOptional || peer)),
  );
}

/** Whether `npm ci` has to run: node_modules is missing or is not what the lockfile says. */
export function needsInstall() {
  if (!existsSync(WANTED)) return false;
  if (!existsSync(INSTALLED)) return true;
  if (statSync(INSTALLED).mtimeMs + SAME_INSTALL_MS >= statSync(WANTED).mtimeMs) return false;
  if (!hasAllPackages()) return true;
  const now = new Date();
  utimesSync(INSTALLED, now, now);
  return false;
}

/** Installs the packages if they are missing or old. */
export async function install() {
  if (!needsInstall()) return;
  say('Installing packages (npm ci) …');
  // The npm that runs this script, if one does; NODE_ENV=production would leave the compiler out.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args));
}
