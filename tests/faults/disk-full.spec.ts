import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startApp, type AppProcess } from '../support/app-process.js';
import { makeFolder, type TestFolder } from '../support/folders.js';
import { makeStore } from '../support/stores.js';
import {
  CONNECTIONS,
  edition,
  LONG,
  makeEdition,
  print,
  reckon,
  send,
  SlowServer,
  untilSent,
} from './faults.harness.js';
import { SignUps } from './sign-ups.js';

/** The embedded store takes about 40 MB with nothing in it. */
const SIZE = '120m';
const WAL_SEGMENT = 16e6;
const READERS = 300;

/** A filesystem in memory of a given size; undefined where this machine does not allow it. */
function mount(folder: string): (() => void) | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    process.stdout.write(`disk full: not tried, no filesystem can be mounted here: ${String(error)}\n`);
    return undefined;
  }
  return () => execFileSync('umount', ['-l', folder]);
}

/** Takes all the room there is but for so many bytes. */
function fill(path: string, but = 0): void {
  const { bavail, bsize } = statfsSync(dirname(path));
  const file = openSync(path, 'a');
  try {
    for (let left = bavail * bsize - but; left > 0;)
      left -= writeSync(file, Buffer.alloc(Math.min(left, 1 << 20)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** Puts a migrated store there: making one takes seconds. */
async function withStore(folder: string): Promise<void> {
  const store = await makeStore('embedded');
  cpSync(store.config.dataDir, folder, { recursive: true });
  await store.remove();
}

describe('the embedded store on a disk that runs full in the middle of an edition', () => {
  let folder: TestFolder;
  let unmount: (() => void) | undefined;
  let server: SlowServer;
  let app: AppProcess;
  let filler: string;

  beforeAll(async () => {
    folder = await makeFolder();
    unmount = mount(folder.path);
    if (!unmount) return;
    filler = join(folder.path, 'filler');
    server = await SlowServer.start();
    await withStore(folder.path);
    const env = { SMTP_URL: server.peer.url, SMTP_CONNECTIONS: String(CONNECTIONS) };
    app = await startApp({ env, dataDir: folder.path });
  }, 120_000);
  afterAll(async () => {
    if (unmount) {
      await app.stop();
      await server.peer.close();
      unmount();
    }
    await folder.remove();
  });

  it('answers no sign-up with a yes, forgets nothing, and finishes when there is room again', async () => {
    if (!unmount) return;
    const signUps = new SignUps(app);
    const editionId = await makeEdition(app, READERS);
    server.allow(0);
    await send(app, editionId);
    await server.take(40);
    await signUps.make();
    fill(filler);
    server.allow(40); // accepted while nothing, or little, can be written down
    const answers = new Map<number, number>();
    for (let tries = 0; tries < 30; tries++) {
      fill(filler); // what the database gives back, another program takes
      const status = (await signUps.make()) ?? 0;
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    expect([...answers.keys()].filter((status) => status >= 300)).toEqual([503]);
    rmSync(filler);
    server.allow(Infinity);
    if (!LONG) await app.restart(); // by itself it goes on within a minute
    await untilSent(app, editionId, 90_000);
    const sum = await reckon(app, server.peer, editionId);
    const confirmed = await signUps.untilConfirmed(server.peer);
    print('disk full', { 'sign-ups refused': answers.get(503), ...sum, confirmed });
    expect(sum).toMatchObject({ received: READERS, doubles: 0, inDoubt: 0, uncertain: 0 });
  }, 120_000);

  it('ends with a clear line when its log cannot grow, will not start without room, and then goes on', async () => {
    if (!unmount) return;
    const editionId = await makeEdition(app, READERS);
    server.allow(0);
    await send(app, editionId);
    await server.take(20);
    fill(filler, WAL_SEGMENT - 1e6); // less than its log grows by, and room for what it writes until then
    const imports = importWithoutEnd(app);
    expect(await app.exited()).toEqual({ code: 1, signal: null });
    await imports;
    expect(app.logs.join('\n')).toContain('the embedded database has stopped; make room on its disk');
    await expect(app.restart()).rejects.toThrow(/The disk is full: .* MB left and .* needs 20 MB to start/);
    rmSync(filler);
    server.allow(Infinity);
    await app.restart();
    await untilSent(app, editionId);
    const { counts } = await edition(app, editionId);
    expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
    const sum = await reckon(app, server.peer, editionId);
    print('disk full, no room for the log', sum);
    expect(sum.inDoubt).toBeLessThanOrEqual(CONNECTIONS);
    expect(sum.doubles).toBeLessThanOrEqual(sum.retries); // one may be killed, and doubled, twice
  }, 120_000);
});

/** Sends file after file of readers until the process is gone. Those that were answered do not matter here. */
async function importWithoutEnd(app: AppProcess): Promise<void> {
  for (let file = 0; ; file++) {
    const rows = Array.from({ length: 3_000 }, (_, at) => `reader${at}@file${file}.example`);
    const headers = { authorization: `Bearer ${app.apiKey}`, 'content-type': 'text/csv' };
    const path = '/api/v1/subscribers/import?source=a%20test&terms=accepted';
    try {
      await app.fetch(path, { method: 'POST', headers, body: ['email', ...rows].join('\n') });
    } catch {
      return; // it has ended
    }
  }
}
