import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild } from '../../../../tests/support/child.js';
import { runScript, startScript, untilSaid } from '../../../../tests/support/script.js';
import { FolderLock, FolderLockedError } from './folder-lock.js';

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-lock-'));
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true }));

const take = () => FolderLock.take(data);
const takingScript = () => `
  import { FolderLock } from '#database/connection/folder-lock.js';
  await FolderLock.take(${JSON.stringify(data)});`;
const holdingScript = () => `${takingScript()} console.log('held'); setInterval(() => {}, 1000);`;

/** Leaves the lock of a process that was killed. */
async function leaveDeadLock(): Promise<void> {
  const child = startScript(holdingScript());
  await untilSaid(child, /held/);
  await endChild(child, 'SIGKILL');
}

/** Puts a lock there that some holder would have written. */
function writeLock(holder: Record<string, unknown>, ageMs = 0): void {
  mkdirSync(data, { recursive: true });
  const path = join(data, 'lock.1');
  writeFileSync(
    path,
    JSON.stringify({ nonce: 'n', pid: process.pid, startedAt: '1', host: 'elsewhere', ...holder }),
  );
  const at = new Date(Date.now() - ageMs);
  utimesSync(path, at, at);
}

describe('FolderLock', () => {
  it('lets one in, and the next after a release', async () => {
    const first = await take();
    await expect(take()).rejects.toThrow(FolderLockedError);
    first.release();
    const second = await take();
    await expect(take()).rejects.toThrow(FolderLockedError);
    first.release(); // late, and no longer its own
    await expect(take()).rejects.toThrow(FolderLockedError);
    second.release();
    (await take()).release();
    expect(readdirSync(data)).toHaveLength(1);
  });

  it('refuses a second process, naming the first and the way out', async () => {
    const lock = await take();
    await expect(runScript(takingScript())).rejects.toThrow(
      new RegExp(`FolderLockedError.*in use by process ${process.pid} on .*DATA_DIR=`, 's'),
    );
    lock.release();
    await runScript(takingScript());
  });

  it('is taken over at once from a process that was killed', async () => {
    await leaveDeadLock();
    const lock = await take();
    await expect(take()).rejects.toThrow(FolderLockedError);
    lock.release();
  });

  it('is taken over from a process that is being killed at this very moment', async () => {
    for (let kill = 0; kill < 5; kill += 1) {
      const child = startScript(holdingScript());
      await untilSaid(child, /held/);
      child.kill('SIGKILL');
      (await take()).release();
    }
  });

  it('is waited for while its holder says that it is ending, and the waiting is told once', async () => {
    const ending = await take();
    ending.announceEnd();
    const told: number[] = [];
    const next = FolderLock.take(data, ({ pid }) => {
      told.push(pid);
      setTimeout(() => ending.release(), 120);
    });
    (await next).release();
    expect(told).toEqual([process.pid]);
    ending.announceEnd(); // late
    (await take()).release();
  });

  it('is waited for only so long', async () => {
    const ending = await take();
    ending.announceEnd();
    await expect(FolderLock.take(data, () => undefined, 100)).rejects.toThrow(
      /in use by process \d+ on .*, also after 0 s of waiting.*DATA_DIR=/,
    );
    ending.release();
  });

  it('lets exactly one of many through that start at the same instant on a dead lock', async () => {
    for (let round = 0; round < 2; round += 1) {
      await leaveDeadLock();
      const at = Date.now() + 1000;
      const script = `
        import { FolderLock, FolderLockedError } from '#database/connection/folder-lock.js';
        while (Date.now() < ${at});
        try {
          await FolderLock.take(${JSON.stringify(data)});
          console.log('held');
          setTimeout(() => {}, 1500);
        } catch (error) {
          if (!(error instanceof FolderLockedError)) throw error;
          console.log('locked');
        }`;
      const said = await Promise.all(Array.from({ length: 6 }, () => runScript(script)));
      expect(said.filter((word) => word === 'held\n')).toHaveLength(1);
      expect(said.filter((word) => word === 'locked\n')).toHaveLength(5);
    }
  });

  it('is taken over when another process has got the pid of the dead holder', async () => {
    writeLock({ host: hostname(), startedAt: 'long ago' });
    (await take()).release();
  });

  it('of another machine is respected while its holder touches it, and given up a minute later', async () => {
    writeLock({}, 50_000);
    await expect(take()).rejects.toThrow(/on elsewhere/);
    writeLock({}, 70_000);
    (await take()).release();
  });
});
