import type { AppProcess } from '../support/app-process.js';
import { makeFolder, type TestFolder } from '../support/folders.js';
import { startSmtpPeer, type SmtpCommand, type SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { CONNECTIONS, gate, LONG, makeEdition, print, reckon, send } from './faults.harness.js';
import { Fleet } from './fleet.js';

/** Short, but longer than a loaded machine lets a process wait for its turn. */
const LEASE_SECONDS = '8';
/** Six bytes on the wire for each of three letters, twice: more than a socket takes when the other end does not read. */
const LONG_STORY = `${'Дзынь'.repeat(100)}\n\n`.repeat(990);

/**
 * The tick at the full minute finds it. The frozen one may have taken that very tick with it; then it is given back when its lock is
 * over, half a minute later.
 */
const TAKEN_OVER_MS = 150_000;

interface Point {
  what: string;
  /** Where the server leaves every connection of the worker waiting when it is frozen. */
  at: SmtpCommand;
  readers: number;
  body?: string;
}

const POINTS: Point[] = [
  { what: 'in the middle of a long content', at: 'CONTENT', body: LONG_STORY, readers: 12 },
  { what: 'before a content', at: 'DATA', readers: 60 },
  ...(LONG ? [{ what: 'between two messages', at: 'MAIL', readers: 60 } as const] : []),
];

describe('a worker frozen for longer than its lease', () => {
  let peer: SmtpPeer;
  let fleet: Fleet;
  let folder: TestFolder;
  let frozen: AppProcess;

  beforeAll(async () => {
    folder = await makeFolder();
    peer = await startSmtpPeer();
    // One machine, one folder: the other worker reads in the journal what had been begun.
    const options = { smtpUrl: peer.url, workers: 1, env: { LEASE_SECONDS }, dataDir: folder.path };
    fleet = await Fleet.start(options);
    frozen = fleet.workers[0]!;
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    await peer.close();
    await folder.remove();
  });

  it.each(POINTS)(
    '$what neither sends nor commits anything when it wakes',
    async ({ what, at, body, readers }) => {
      const editionId = await makeEdition(fleet.web, readers, body);
      const held = gate();
      const waiting = new Set<number>();
      peer.script = ({ command, connection, count }) => {
        if (command !== at || count <= 3) return undefined; // some go well before
        waiting.add(connection);
        return held.opened;
      };
      await send(fleet.web, editionId);
      await eventually(() => waiting.size === CONNECTIONS, { timeoutMs: 60_000 });
      frozen.signal('SIGSTOP');
      peer.script = undefined;

      const awake = await fleet.addWorker();
      await eventually(() => fleet.hasTakenOver(awake, editionId), {
        timeoutMs: TAKEN_OVER_MS,
        everyMs: 1_000,
        what: 'the claim of the frozen worker being taken over',
      });
      await fleet.untilSent(editionId);
      await awake.kill('SIGTERM');
      const sent = peer.accepted.length;

      held.open(); // the server answers the frozen one, and reads what the kernel had taken of it
      await untilStill(() => peer.bytesRead);
      const { length } = peer.accepted;
      const whole = length - sent; // their final dot had left before it was frozen: so they are in doubt
      frozen.signal('SIGCONT');
      await eventually(() => peer.openConnections === 0, {
        timeoutMs: 60_000,
        what: 'the end of the connections of the worker that was frozen',
      });
      expect(peer.accepted.length - length).toBe(0);
      const sum = await reckon(fleet.web, peer, editionId);
      print(`frozen ${what}`, { connections: waiting.size, 'whole by then': whole, ...sum });
      expect(sum).toMatchObject({ received: readers + whole, doubles: whole, uncertain: 0 });
      expect(whole).toBeLessThan(at === 'CONTENT' ? CONNECTIONS : 1); // or nothing was tried
      expect(sum.inDoubt).toBeLessThanOrEqual(CONNECTIONS);
    },
    300_000,
  );
});

/** Resolves when a number has not changed for a while. */
async function untilStill(read: () => number): Promise<void> {
  let last = { value: NaN, at: 0 };
  await eventually(() => {
    const value = read();
    if (value !== last.value) last = { value, at: Date.now() };
    return Date.now() - last.at > 700;
  });
}
