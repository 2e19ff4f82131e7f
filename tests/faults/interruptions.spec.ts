import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import {
  CONNECTIONS,
  dice,
  edition,
  LONG,
  makeEdition,
  print,
  reckon,
  send,
  untilSent,
} from './faults.harness.js';
import { Fleet } from './fleet.js';

const READERS = 400;
/** How long the server takes over each message, so that an edition takes seconds. */
const THINKS_MS = 100;
/** How long it takes while readers leave, one after the other: the edition is to last until the last of them has. */
const THINKS_MEANWHILE_MS = 500;
/** I3: what was committed so long ago stops what is not begun. */
const WITHIN_MS = 1_000;
const WORKERS = 2;
const PAUSES = LONG ? 20 : 3;
/** A round begins to pause after less than this. */
const LONGEST_ROUND_MS = 400;
/** What the workers may send in a round until nothing more is begun: an edition that lasts for all rounds has so many for each. */
const PER_ROUND = Math.ceil(((LONGEST_ROUND_MS + WITHIN_MS) / THINKS_MS) * WORKERS * CONNECTIONS);

describe('what is committed while an edition goes out', () => {
  let peer: SmtpPeer;
  let fleet: Fleet;
  let web: AppProcess;
  let roll: (below: number) => number;
  /** When the server was given each content, by recipient: this is when a message is begun for good. */
  let begun: Map<string, number>;

  beforeAll(async () => {
    roll = dice();
    peer = await startSmtpPeer();
    fleet = await Fleet.start({ smtpUrl: peer.url, workers: WORKERS });
    web = fleet.web;
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    await peer.close();
  });
  beforeEach(() => {
    begun = new Map();
    peer.script = async ({ command, to }) => {
      if (command === 'CONTENT') begun.set(to, Date.now());
      if (command === 'DOT') await pause(THINKS_MS);
      return undefined;
    };
  });

  /** Milliseconds from an answer to the last message begun. Resolves when the server has been idle for as long as I3 says. */
  async function lastBegunAfter(answered: number): Promise<number> {
    await eventually(() => Date.now() > Math.max(answered, ...begun.values()) + WITHIN_MS, { everyMs: 50 });
    return Math.max(0, Math.max(...begun.values()) - answered);
  }

  const act = async (id: string, what: 'pause' | 'resume' | 'cancel') => {
    expect((await web.api('POST', `/editions/${id}/${what}`)).status).toBeLessThan(300);
    return Date.now();
  };

  it('an unsubscribe or a suppression stops that message, if it is not begun, within a second', async () => {
    const first = await makeEdition(web, READERS);
    peer.script = undefined;
    const before = peer.accepted.length;
    await send(web, first);
    await untilSent(web, first);
    const links = new Map(
      peer.accepted.slice(before).map(({ to, raw }) => [to[0]!, unsubscribePath(raw.toString())] as const),
    );
    const second = await anotherEdition(web, first);
    let thinksMs = THINKS_MEANWHILE_MS;
    peer.script = async ({ command, to }) => {
      if (command === 'CONTENT') begun.set(to, Date.now());
      if (command === 'DOT') await pause(thinksMs);
      return undefined;
    };
    await send(web, second);
    await eventually(() => begun.size > 20, { timeoutMs: 30_000 });
    const answered = new Map<string, number>();
    const leavers = [...links].filter(() => roll(8) === 0);
    for (const [email, path] of leavers) {
      if (roll(2)) await web.fetch(path, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
      else await web.api('POST', '/suppressions', { email, reason: 'operator' });
      answered.set(email, Date.now());
    }
    thinksMs = THINKS_MS;
    const { counts } = await untilSent(web, second);
    const late = leavers.map(([email]) => (begun.get(email) ?? 0) - answered.get(email)!);
    const sum = await reckon(web, peer, second);
    print('left in mid-edition', {
      left: leavers.length,
      stopped: counts.suppressed,
      'begun after the answer, at most (ms)': Math.max(0, ...late),
      ...sum,
    });
    expect(counts.suppressed).toBeGreaterThan(0);
    expect(counts.accepted! + counts.suppressed!).toBe(READERS);
    expect(Math.max(...late)).toBeLessThanOrEqual(WITHIN_MS);
    expect(sum.doubles).toBe(0);
  }, 120_000);

  it(
    'a pause stops all of it within a second, at any moment, and a resume goes on',
    async () => {
      const readers = (PAUSES + 1) * PER_ROUND;
      const editionId = await makeEdition(web, readers);
      await send(web, editionId);
      let latest = 0;
      for (let round = 0; round < PAUSES; round++) {
        if (round > 0) await eventually(() => begun.size > 0, { timeoutMs: 30_000 });
        await pause(roll(round === 0 ? 100 : LONGEST_ROUND_MS));
        const answered = await act(editionId, 'pause');
        latest = Math.max(latest, begun.size > 0 ? await lastBegunAfter(answered) : 0);
        await act(editionId, 'resume');
      }
      await fleet.untilSent(editionId, LONG ? 180_000 : 60_000);
      const sum = await reckon(web, peer, editionId);
      print('paused and resumed', { pauses: PAUSES, 'begun after the answer, at most (ms)': latest, ...sum });
      expect(latest).toBeLessThanOrEqual(WITHIN_MS);
      expect(sum).toMatchObject({ received: readers, doubles: 0, inDoubt: 0, uncertain: 0, retries: 0 });
    },
    LONG ? 600_000 : 180_000,
  );

  it('a cancel stops all of it within a second, for good', async () => {
    const editionId = await makeEdition(web, READERS);
    await send(web, editionId);
    await eventually(() => begun.size > 50, { timeoutMs: 30_000 });
    const answered = await act(editionId, 'cancel');
    const latest = await lastBegunAfter(answered);
    await fleet.tick();
    const { status, counts } = await eventually(
      async () => {
        const now = await edition(web, editionId);
        return now.counts.claimed === 0 && now.counts.queued === 0 ? now : undefined;
      },
      { what: 'no row being open' },
    );
    const sum = await reckon(web, peer, editionId);
    print('cancelled', {
      'begun after the answer, at most (ms)': latest,
      stopped: counts.suppressed,
      ...sum,
    });
    expect(status).toBe('cancelled');
    expect(latest).toBeLessThanOrEqual(WITHIN_MS);
    expect(counts.suppressed).toBeGreaterThan(0);
    expect(sum.received).toBe(counts.accepted);
    expect(sum.doubles).toBe(0);
  }, 120_000);
});

function unsubscribePath(raw: string): string {
  const [, url] = /^List-Unsubscribe:\s*<([^>]+)>/im.exec(raw.replace(/\r\n[ \t]/g, '')) ?? [];
  return new URL(url ?? '').pathname;
}

/** One more edition to the readers of another. */
async function anotherEdition(app: AppProcess, editionId: string): Promise<string> {
  const { digestId } = (await app.api<{ digestId: string }>('GET', `/editions/${editionId}`)).body;
  const story = { title: 'Low water at three', body: 'And so it was.', format: 'text' };
  const { id } = (await app.api<{ id: string }>('POST', '/articles', story)).body;
  const made = await app.api<{ id: string }>('POST', `/digests/${digestId}/editions`, { articleIds: [id] });
  expect(made.status).toBe(201);
  return made.body.id;
}
