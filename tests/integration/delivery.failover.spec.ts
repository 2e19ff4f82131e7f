import { sql } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { TransportPool } from '#delivery/routes/transport-pool.js';
import { SendingLimits } from '#delivery/limits/sending-limits.js';
import { TransportService } from '#delivery/transports/transport.service.js';
import { TransportSource, type TransportSettings } from '#delivery/transports/transport-settings.js';
import { onEachDatabase } from '../support/databases.js';
import {
  startSmtpPeer,
  type SmtpAnswer,
  type SmtpCommand,
  type SmtpPeer,
  type SmtpPeerOptions,
} from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { byReader, gate, MINUTE, names, HOUR, PostOffice, type OfficeOptions } from './delivery.harness.js';

onEachDatabase('delivery: several transports', (open) => {
  let database: Database;
  let office: PostOffice;
  let peers: SmtpPeer[];
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => (peers = []));
  afterEach(async () => {
    await office.close();
    for (const peer of peers) await peer.close();
    await database.db.execute(`DELETE FROM transport`);
  });
  const start = async (options: OfficeOptions = {}) => {
    office = await PostOffice.open(database, { smtp: null, ...options });
  };
  const peer = async (options: SmtpPeerOptions = {}) => {
    const started = await startSmtpPeer(options);
    peers.push(started);
    return started;
  };
  const seen = (id: string) => office.get(TransportService).get(id);
  const expectEachOnce = (count: number) => {
    const perReader = [office.peer, ...peers].flatMap((one) => [...one.acceptedPerRecipient()]);
    expect(perReader).toHaveLength(count);
    expect(new Set(perReader.map(([to]) => to)).size).toBe(count);
    expect(perReader.every(([, times]) => times === 1)).toBe(true);
  };

  const TROUBLES: [string, SmtpPeerOptions, string][] = [
    ['is down', {}, 'ECONNREFUSED'],
    ['refuses the password', { auth: { user: 'me', password: 'right' } }, '535 5.7.8'],
    [
      'cannot judge the password now',
      {
        auth: { user: 'me', password: 'right' },
        script: ({ command }) => (command === 'AUTH' ? '454 4.7.0 later' : undefined),
      },
      '454 4.7.0',
    ],
    [
      'turns us away at the greeting',
      { script: ({ command }) => (command === 'CONNECT' ? '554 5.7.1 listed' : undefined) },
      '554 5.7.1 listed',
    ],
    [
      'is too busy at the greeting',
      { script: ({ command }) => (command === 'CONNECT' ? '421 4.3.2 busy' : undefined) },
      '421 4.3.2 busy',
    ],
  ];

  it.each(TROUBLES)('rests one that %s; the others carry on', async (_what, options, words) => {
    await start();
    const bad = await peer(options);
    const port = bad.port;
    if (words === 'ECONNREFUSED') await bad.close();
    const auth = options.auth ? { method: 'password', user: 'me', password: 'wrong' } : { method: 'none' };
    const broken = await office.transport({ port, auth, weight: 1_000 });
    const good = await office.transport({ weight: 1 });
    const { editionId, ids } = await office.frozen([...names(20), 'suppressed']);
    await database.db.execute(sql`
      INSERT INTO suppression (id, publication_id, address_hmac, reason)
      SELECT gen_random_uuid(), publication_id, address_hmac, 'operator' FROM subscriber WHERE id = ${ids['suppressed']!}`);
    await office.deliver(editionId);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expect(await office.tally(editionId)).toEqual({ accepted: 20, suppressed: 1 });
    expect(await office.tries(editionId)).toBe(20);
    expectEachOnce(20);
    const view = await eventually(async () => {
      const now = await seen(broken.id);
      return now.lastError?.includes(words) && now;
    });
    expect(view.restingUntil!.getTime()).toBeGreaterThan(office.clock.now().getTime());
    expect(view.lastError).not.toContain('wrong"');
    expect(await seen(good.id)).toMatchObject({ lastError: null, restingUntil: null, usedToday: 20 });
  });

  it('pauses the edition with its words when the only one refuses the password', async () => {
    const auth = { user: 'me', password: 'right' };
    await start({ peer: { auth } });
    const { id } = await office.transport({ auth: { method: 'password', user: 'me', password: 'wrong' } });
    const { editionId } = await office.frozen(names(6));
    await office.deliver(editionId);
    const paused = await office.edition(editionId);
    expect(paused.status).toBe('paused');
    expect(paused.statusReason).toContain('535 5.7.8');
    expect(await office.tally(editionId)).toEqual({ queued: 6 });
    expect(await office.tries(editionId)).toBe(0);
    expect((await office.standing('reader0')).suppressed).toBe(0);
    const view = await eventually(async () => {
      const now = await seen(id);
      return now.lastError !== null && now;
    });
    expect(view.lastError).toContain('535 5.7.8');
    expect(view.restingUntil).not.toBeNull();

    // Mended over the API, it is used within seconds, and its trouble is forgotten.
    await office.get(TransportService).patch(id, { auth: { method: 'password', ...auth } });
    await office.editions.resume(editionId);
    await eventually(async () => {
      office.clock.advance(MINUTE);
      await office.deliver(editionId);
      return (await office.edition(editionId)).status !== 'sending';
    });
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expectEachOnce(6);
    expect(await seen(id)).toMatchObject({ lastError: null, restingUntil: null });
  });

  it('lets rows wait, uncounted, while all rest', async () => {
    await start();
    for (let at = 0; at < 2; at++) {
      const down = await peer();
      const port = down.port;
      await down.close();
      await office.transport({ port });
    }
    const { editionId } = await office.frozen(names(8));
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ queued: 8 });
    expect(await office.tries(editionId)).toBe(0);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sending' });
    const retry = office.queue.jobs.at(-1)!;
    expect(retry).toMatchObject({ name: 'edition.deliver', payload: { editionId, batch: 0 } });
    expect(retry.options.delayMs).toBeLessThan(3_000);
  });

  it('uses one of weight 0 only when no other can be used, and not to go faster', async () => {
    await start();
    const spare = await peer();
    const main = await office.transport({ limits: { perSecond: 1, perDay: 10 } });
    await office.transport({ weight: 0 }, spare);
    const settings = (await office.get(TransportSource).enabled()).find(
      (one) => one.id === main.id,
    ) as TransportSettings;
    const limits = office.get(SendingLimits);
    const { editionId } = await office.frozen(names(12));
    const all = await limits.allowance(settings, 250);
    expect(all.granted).toBeLessThan(10); // as far ahead as places are given
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ queued: 12 });
    expect(spare.steps).toEqual([]);
    expect(office.queue.jobs.at(-1)!.options.delayMs).toBeLessThan(5_000);

    await database.db.execute(`UPDATE transport_use SET used = 10`);
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ accepted: 12 });
    expect(spare.accepted).toHaveLength(12);
  });

  it.each<[string, SmtpCommand, SmtpAnswer]>([
    ['breaks off in the content', 'DATA', 'drop'],
    ['says at RCPT that its own system is out of order', 'RCPT', '451 4.3.0 queue error'],
    ['says so of a whole message', 'DOT', '452 4.3.1 no space left'],
  ])('rests one that takes connections and %s; a spare one takes over', async (_what, at, answer) => {
    await start();
    const ill = await peer({ script: ({ command }) => (command === at ? answer : undefined) });
    const { id } = await office.transport({ weight: 1, connections: 1 }, ill);
    await office.transport({ weight: 0 });
    const { editionId } = await office.frozen(names(20));
    await office.deliver(editionId);
    // Three in a row are about the server; those three wait for their own next try.
    expect(office.peer.accepted).toHaveLength(17);
    await eventually(async () => (await seen(id)).restingUntil !== null);
    office.clock.advance(2 * MINUTE);
    ill.script = undefined;
    await office.deliver(editionId);
    expectEachOnce(20);
  });

  it('gives what a server puts off at MAIL to another, and rests it, longer each time', async () => {
    await start();
    const tired = await peer({
      script: ({ command }) => (command === 'MAIL' ? '451 4.3.2 not now' : undefined),
    });
    const { id } = await office.transport({ weight: 1_000, connections: 1 }, tired);
    await office.transport();
    const { editionId } = await office.frozen(names(10));
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ accepted: 9, queued: 1 });
    expect(tired.steps.filter(({ command }) => command === 'MAIL')).toHaveLength(1);
    expect(await office.tries(editionId)).toBe(10); // the one that was put off, and the nine
    const view = await eventually(async () => {
      const now = await seen(id);
      return now.lastError !== null && now;
    });
    expect(view.lastError).toContain('451 4.3.2 not now');
    const first = view.restingUntil!.getTime() - office.clock.now().getTime();
    // Until its rest is over, which is measured in real time, the other has all of it.
    await eventually(async () => {
      const { editionId: next } = await office.frozen(names(1, `again${Date.now()}-`));
      await office.deliver(next);
      return tired.steps.filter(({ command }) => command === 'MAIL').length === 2;
    });
    const second = await eventually(async () => {
      const { restingUntil, lastErrorAt } = await seen(id);
      return lastErrorAt!.getTime() > view.lastErrorAt!.getTime() && { restingUntil, lastErrorAt };
    });
    expect(second.restingUntil!.getTime() - second.lastErrorAt!.getTime()).toBe(2 * first);
  });

  it('follows a transport that is disabled in the middle of an edition within seconds', async () => {
    await start();
    const { opened, open: release } = gate();
    const slow = await peer({ script: ({ command }) => (command === 'DOT' ? opened : undefined) });
    const { id } = await office.transport({ weight: 1_000, connections: 1 }, slow);
    const other = await office.transport({ weight: 0 });
    const { editionId } = await office.frozen(names(6));
    const sending = office.deliver(editionId);
    await slow.reached('DOT');
    await office.get(TransportService).patch(id, { enabled: false });
    await office.get(TransportService).patch(other.id, { weight: 1 });
    // The pool has shut its connections to it: what is on one is finished, and nothing more is begun there.
    try {
      await eventually(() => office.get(TransportPool).uses(other.id) && !office.get(TransportPool).uses(id));
    } finally {
      release();
      await sending;
    }
    expect(await office.tally(editionId)).toEqual({ accepted: 6 });
    expect(slow.accepted).toHaveLength(1);
    expect(office.peer.accepted).toHaveLength(5);
    expectEachOnce(6);
  });

  it('keeps mail waiting while all that operators have made are disabled, rather than in the mailbox', async () => {
    await start();
    const { id } = await office.transport();
    await office.get(TransportService).patch(id, { enabled: false });
    const { editionId } = await office.frozen(names(2));
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ queued: 2 });
    expect(await office.rows('SELECT 1 FROM mailbox_message')).toEqual([]);
    expect(office.logs.filter((line) => line.includes('no transport can be used'))).toHaveLength(1);
  });

  it('gives no leave once it is shut, so that nobody asks for ever', async () => {
    await start();
    await office.transport();
    await office.transport();
    const pool = office.get(TransportPool);
    expect([...(await pool.choice())]).toHaveLength(2);
    pool.breakOff();
    expect([...(await pool.choice())]).toEqual([]);
  });

  describe('the breaker', () => {
    it('pauses an edition when the server breaks off after every message: what is in doubt is not sent again', async () => {
      await start({ peer: { script: ({ command }) => (command === 'DOT' ? 'drop' : undefined) } });
      await office.transport({ connections: 4 });
      const { editionId } = await office.frozen(names(120));
      await office.deliver(editionId);
      const { status, statusReason } = await office.edition(editionId);
      expect(status).toBe('paused');
      expect(statusReason).toMatch(/^50 of the last 50 messages were refused or are in doubt/);
      const { uncertain = 0, queued = 0 } = await office.tally(editionId);
      expect(uncertain).toBeLessThan(60); // and those that were on the wire by then
      expect(uncertain + queued).toBe(120);
    });

    it('pauses an edition of which half is refused, and lets it go on when it is resumed', async () => {
      await start({ peer: { script: ({ command }) => (command === 'RCPT' ? '550 5.2.1 off' : undefined) } });
      await office.transport({ connections: 1 });
      const { editionId } = await office.frozen(names(60));
      await office.deliver(editionId);
      const paused = await office.edition(editionId);
      expect(paused.status).toBe('paused');
      expect(paused.statusReason).toMatch(
        /^50 of the last 50 messages were refused or are in doubt, the last with: 550 5\.2\.1 off/,
      );
      expect(await office.tally(editionId)).toEqual({ failed: 50, queued: 10 });
      office.peer.script = undefined;
      await office.editions.resume(editionId);
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
      expect(await office.tally(editionId)).toEqual({ failed: 50, accepted: 10 });
    });
  });

  describe('HARD_BOUNCE_LIMIT', () => {
    const refused = byReader({ gone: { RCPT: '550 5.1.1 unknown' } });
    /** One edition to one reader. @returns whether they are suppressed after it */
    async function send(digestId: string): Promise<boolean> {
      const editionId = await office.requested(digestId);
      await office.prepare(editionId);
      await office.deliver(editionId);
      return (await office.standing('gone')).suppressed === 1;
    }

    it.each([
      [1, [true]],
      [3, [false, false, true]],
    ])('%d: suppresses after so many in a row', async (hardBounceLimit, expected) => {
      await start({ config: { hardBounceLimit }, peer: { script: refused } });
      await office.transport();
      const { digestId } = await office.audience(['gone']);
      for (const suppressed of expected) expect(await send(digestId)).toBe(suppressed);
      expect(await office.standing('gone')).toEqual({ suppressed: 1, status: 'bounced' });
    });

    it('counts anew when the address takes a message that does not come back', async () => {
      await start({ config: { hardBounceLimit: 2 }, peer: { script: refused } });
      await office.transport();
      const { digestId } = await office.audience(['gone']);
      expect(await send(digestId)).toBe(false);
      office.peer.script = undefined;
      expect(await send(digestId)).toBe(false);
      office.clock.advance(6 * 24 * HOUR);
      office.peer.script = refused;
      expect(await send(digestId)).toBe(false);
      expect(await send(digestId)).toBe(true);
    });
  });
});
