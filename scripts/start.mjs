import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { main, PlainError, ROOT } from './project.mjs';

/**
 * Builds if needed, then becomes the app: `node scripts/start.mjs APP [args]`. The app runs in this very process, so
 * signals reach it and its exit code is this one's.
 */
async function start() {
  const [app, ...args] = process.argv.slice(2);
  if (!app || !/^[a-z]+$/.test(app)) {
    throw new PlainError('Usage: node scripts/start.mjs standalone|web|worker|cli [arguments]');
  }
  await build();
  const file = join(ROOT, 'dist/apps', app, 'src/main.js');
  if (!existsSync(file)) throw new PlainError(`There is no app "${app}": ${file} is missing.`);
  process.argv = [process.argv[0], file, ...args];
  return pathToFileURL(file).href;
}

let entry;
await main(async () => {
  entry = await start();
});
await import(entry);
