import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { build } from './build.mjs';
import { main, ROOT } from './project.mjs';
import { startServices } from './services.mjs';

const wanted = process.argv.slice(2);

/**
 * `npm run bench [-- NAME…]`: builds, brings PostgreSQL, Redis and Postfix's tools up, runs the benchmarks beside their
 * baselines. `--markdown` by itself measures nothing and prints the last run for docs/benchmarks.md.
 */
await main(async () => {
  await build();
  const none = { env: {}, stop: () => Promise.resolve() };
  const services = wanted.length === 1 && wanted[0] === '--markdown' ? none : await startServices();
  try {
    const child = spawn(process.execPath, ['dist/tests/bench/main.js', ...wanted], {
      cwd: ROOT,
      env: { ...process.env, ...services.env },
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    process.exitCode = code ?? 1;
  } finally {
    await services.stop();
  }
});
