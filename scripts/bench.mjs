import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { build } from './build.mjs';
import { main, ROOT } from './project.mjs';
import { startServices } from './services.mjs';

/** `npm run bench [-- NAME…]`: builds, brings PostgreSQL and Redis up, runs the benchmarks beside their baselines. */
await main(async () => {
  await build();
  const services = await startServices();
  try {
    const child = spawn(process.execPath, ['dist/tests/bench/main.js', ...process.argv.slice(2)], {
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
