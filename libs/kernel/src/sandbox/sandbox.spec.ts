import { fork } from 'node:child_process';
import { once } from 'node:events';
import { DomainError } from '../errors/errors.js';
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
      throw new Error(`It gave ${JSON.stringify(value)?.slice(0, 100)}.`);
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
  const ofShell = /^(PWD|OLDPWD|SHLVL|_)$/;
  const known = /^(PATH|TZ|LANG|LC_ALL|NODE_.*)$/;
  expect(names.filter((name) => !known.test(name) && !ofShell.test(name))).toEqual([]);
});

test('an error of ours crosses whole, another by name and words', async () => {
  const refused = (await errorOf(sandbox.run('refuse', 'subject', LONG))) as DomainError;
  expect(refused).toBeInstanceOf(DomainError);
  expect(refused).toMatchObject({ code: 'invalid_input', status: 422 });
  expect(refused.errors).toEqual([{ field: 'subject', code: 'bad', message: 'Mend it.' }]);
  expect(await errorOf(sandbox.run('limited', null, LONG))).toMatchObject({
    status: 429,
    retryAfter: 7,
    extra: { left: 0 },
  });
  expect(await errorOf(sandbox.run('fail', null, LONG))).toMatchObject({
    name: 'TypeError',
    message: 'no such thing',
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

test('a process that was ended while it had nothing to do costs no task', async () => {
  const pid = await sandbox.run('pid', null, LONG);
  process.kill(pid, 'SIGKILL');
  expect(await sandbox.run('pid', null, LONG)).not.toBe(pid);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s is for the process that asked', async (signal) => {
  const pid = await sandbox.run('pid', null, LONG);
  process.kill(pid, signal);
  expect(await sandbox.run('pid', null, LONG)).toBe(pid);
});

test('of those that rest the last is taken, so the others end', async () => {
  const two = new Sandbox<MisbehavingTasks>(SCRIPT, { processes: 2 });
  await Promise.all([two.run('pid', null, LONG), two.run('pid', null, LONG)]);
  const pids = new Set<number>();
  for (let turn = 0; turn < 4; turn++) pids.add(await two.run('pid', null, LONG));
  await two.close();
  expect(pids.size).toBe(1);
});

test('a result that is too large is refused, however small it was made', async () => {
  expect(await sandbox.run('long', 30e6, LONG)).toHaveLength(30e6);
  const before = process.memoryUsage.rss();
  expect(await errorOf(sandbox.run('long', 34e6, LONG))).toMatchObject({ reason: 'memory' });
  expect(await errorOf(sandbox.run('shared', 5_000, LONG))).toMatchObject({ reason: 'memory' });
  expect(process.memoryUsage.rss() - before).toBeLessThan(50e6);
  expect(await sandbox.run('echo', 1, LONG)).toBe(1);
});

test('packing the result belongs to the task: its time is limited too', async () => {
  const begun = performance.now();
  expect(await errorOf(sandbox.run('slowToSend', null, 200))).toMatchObject({ reason: 'time' });
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('a result that can not be sent is an error, and what is asked with it ends nothing else', async () => {
  const pid = await sandbox.run('pid', null, LONG);
  const answered = (await errorOf(sandbox.run('notToSend', null, LONG))) as Error;
  expect(answered.message).toContain('could not be cloned');
  expect(await sandbox.run('pid', null, LONG)).toBe(pid);
  const asked = await errorOf(sandbox.run('echo', () => 1, LONG));
  expect(asked).toBeInstanceOf(SandboxError);
  expect(asked).toMatchObject({ reason: 'died' });
  expect(await sandbox.run('echo', 1, LONG)).toBe(1);
});

test('where no process can be started, each task is ended', async () => {
  const none = new Sandbox<MisbehavingTasks>(`${SCRIPT}\0`);
  const all = await Promise.all([1, 2].map((its) => errorOf(none.run('echo', its, LONG))));
  expect(all.every((its) => its instanceof SandboxError && its.reason === 'died')).toBe(true);
});

test('where there are no more file descriptors the task is ended, and once there are the next is done', async () => {
  const starved = fork(builtFile(import.meta.url, './starved.fixture.js'), {
    execPath: '/bin/sh',
    execArgv: ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [said] = (await once(starved, 'message')) as [unknown];
  starved.kill('SIGKILL');
  expect(said).toEqual(['SandboxError', 'died', 2]);
});

test('a clock that is set neither ends a task nor keeps one', async () => {
  await sandbox.run('setClock', -3_600_000, LONG);
  expect(await sandbox.run('echo', 1, LONG)).toBe(1);
  await sandbox.run('setClock', 7_200_000, LONG);
  const begun = performance.now();
  expect(await errorOf(sandbox.run('loop', null, 200))).toMatchObject({ reason: 'time' });
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('its end leaves no core behind: not by our signal, and V8 may write none', async () => {
  expect(await sandbox.run('coreLimit', null, LONG)).toEqual(['0', '0']);
  const small = fork(SCRIPT, ['1'], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  small.send({ task: 'never', input: null, limitMs: LONG });
  expect((await once(small, 'exit')) as unknown).toEqual([null, 'SIGVTALRM']);
});

test('goes on also when who is told of an end stumbles over it', async () => {
  const one = new Sandbox<MisbehavingTasks>(SCRIPT, {
    onEnded: () => {
      throw new Error('no such metric');
    },
  });
  expect(await errorOf(one.run('loop', null, 100))).toMatchObject({ reason: 'time' });
  expect(await one.run('echo', 1, LONG)).toBe(1);
  await one.close();
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
