import { fork } from 'node:child_process';
import { once } from 'node:events';
import { DomainError } from '../errors.js';
import { builtFile } from './built-file.js';
import type { MisbehavingTasks } from './fixtures.js';
import { Sandbox } from './sandbox.js';
import { SandboxError, type SandboxReason } from './sandbox-error.js';

const SCRIPT = builtFile(import.meta.url, './fixtures.js');
const LONG = 60_000;

const ended: [string, SandboxReason][] = [];
const sandbox = new Sandbox<MisbehavingTasks>(SCRIPT, {
  memoryMb: 96,
  onEnded: (...its) => ended.push(its),
});
afterAll(() => sandbox.close());

const errorOf = (its: Promise<unknown>): Promise<unknown> =>
  its.then(
    (value) => {
      throw new Error(`It gave ${JSON.stringify(value)}.`);
    },
    (error: unknown) => error,
  );

test('gives back what a task gives: dates and bytes stay what they are', async () => {
  const input = { at: new Date(5), bytes: new Uint8Array([1, 2]), nested: [{ a: null }] };
  expect(await sandbox.run('echo', input, LONG)).toEqual(input);
});

test('gets no secret: of the environment only what tells how to write dates', async () => {
  process.env.APP_SECRET = 'a secret of thirty-two characters';
  const fresh = new Sandbox<MisbehavingTasks>(SCRIPT);
  const names = await fresh.run('environment', null, LONG);
  await fresh.close();
  delete process.env.APP_SECRET;
  expect(names.filter((name) => !/^(PATH|TZ|LANG|LC_ALL|NODE_.*)$/.test(name))).toEqual([]);
});

test('an error of ours crosses whole, another by name and words', async () => {
  const refused = (await errorOf(sandbox.run('refuse', 'subject', LONG))) as DomainError;
  expect(refused).toBeInstanceOf(DomainError);
  expect(refused).toMatchObject({ code: 'invalid_input', status: 422 });
  expect(refused.errors).toEqual([{ field: 'subject', code: 'bad', message: 'Mend it.' }]);
  expect(await errorOf(sandbox.run('limited', null, LONG))).toMatchObject({
    ...{ status: 429, retryAfter: 7, extra: { left: 0 } },
  });
  expect(await errorOf(sandbox.run('fail', null, LONG))).toMatchObject({
    ...{ name: 'TypeError', message: 'no such thing' },
  });
});

test.each(['loop', 'backtrack', 'never'] as const)('%s is ended when its time is over', async (task) => {
  const error = await errorOf(sandbox.run(task, null, 200));
  expect(error).toBeInstanceOf(SandboxError);
  expect(error).toMatchObject({ reason: 'time', isLimit: true, task });
  expect(ended.at(-1)).toEqual([task, 'time']);
  expect(await sandbox.run('echo', 1, LONG)).toBe(1);
});

test.each(['objects', 'hugeArray', 'growingArray', 'map', 'buffers'] as const)(
  '%s is ended when its memory is used up, and this process does not notice',
  async (task) => {
    const before = process.memoryUsage.rss();
    expect(await errorOf(sandbox.run(task, null, LONG))).toMatchObject({ reason: 'memory', isLimit: true });
    expect(await sandbox.run('echo', 1, LONG)).toBe(1);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  },
);

test('the loop of this process goes on meanwhile', async () => {
  let turns = 0;
  const ticking = setInterval(() => turns++, 5);
  await errorOf(sandbox.run('loop', null, 300));
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(10);
});

test('what waits does not use up its time, and one that is ended takes no other with it', async () => {
  const first = errorOf(sandbox.run('loop', null, 500));
  const second = sandbox.run('echo', 2, 400);
  expect(await first).toMatchObject({ reason: 'time' });
  expect(await second).toBe(2);
});

test('a process that leaves is replaced', async () => {
  expect(await errorOf(sandbox.run('leave', null, LONG))).toMatchObject({ reason: 'died', isLimit: false });
  expect(await sandbox.run('echo', 1, LONG)).toBe(1);
});

test('too many waiting are refused', async () => {
  const small = new Sandbox<MisbehavingTasks>(SCRIPT);
  const all = Array.from({ length: 202 }, (_, at) =>
    small.run('echo', at, LONG).catch((error: unknown) => error),
  );
  const results = await Promise.all(all);
  await small.close();
  expect(results.filter((its) => its instanceof SandboxError)).toHaveLength(1);
  expect(results[201]).toMatchObject({ reason: 'busy' });
});

test('closed, it ends what runs and takes nothing more', async () => {
  const one = new Sandbox<MisbehavingTasks>(SCRIPT);
  const pid = await one.run('pid', null, LONG);
  const running = errorOf(one.run('never', null, LONG));
  await one.close();
  expect(await running).toMatchObject({ reason: 'died' });
  expect(await errorOf(one.run('echo', 1, LONG))).toMatchObject({ reason: 'died' });
  expect(() => process.kill(pid, 0)).toThrow();
});

test('is gone when the process that asked is killed, even from an endless loop', async () => {
  const parent = fork(builtFile(import.meta.url, './parent.fixture.js'), { stdio: 'ignore' });
  const [pid] = (await once(parent, 'message')) as [number];
  expect(process.kill(pid, 0)).toBe(true);
  parent.kill('SIGKILL');
  await gone(pid);
});

/** Waits until no process has this id: it was not our child, so no event tells. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
