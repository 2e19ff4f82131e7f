import { eq, sql } from 'drizzle-orm';
import { PreferencesService } from '#audience/reader/preferences.service.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import type { Database } from '#database/database.js';
import { subscription } from '#database/schema/index.js';
import { TransportPool } from '#delivery/routes/transport-pool.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { onEachDatabase } from '../support/databases.js';
import { startSmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { gate, MINUTE, PostOffice, type OfficeOptions } from './delivery.harness.js';

const SOMEONE = { ip: null, userAgent: null };

onEachDatabase('delivery: interrupted', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  const start = async (options: OfficeOptions = {}) => (office = await PostOffice.open(database, options));
  afterEach(() => office.close());

  /** The first message of one connection is held at its final dot; then something happens; then it is let go. */
  async function during(
    names: string[],
    happen: (made: Awaited<ReturnType<PostOffice['frozen']>>) => unknown,
  ) {
    const held = gate();
    await start({
      connections: 1,
      peer: { script: ({ command, count }) => (command === 'DOT' && count === 1 ? held.opened : undefined) },
    });
    const made = await office.frozen(names);
    const delivering = office.deliver(made.editionId);
    await office.peer.reached('DOT');
    await happen(made);
    const committed = performance.now();
    await office.nextLook();
    const noticedMs = performance.now() - committed;
    held.open();
    await delivering;
    expect(noticedMs).toBeLessThan(1_000); // I3
    return made;
  }

  it('gives way to breaking news that is due, and goes on after it', async () => {
    await start();
    const digest = await office.frozen(['slow', 'steady']);
    const news = await office.frozen(['first']);
    await office.rows(sql`UPDATE edition SET kind = 'alert' WHERE id = ${news.editionId}`);
    await office.deliver(digest.editionId);
    expect(await office.tally(digest.editionId)).toEqual({ queued: 2 });
    const again = office.queue.jobs.at(-1)!;
    expect(again).toMatchObject({
      name: 'edition.deliver',
      payload: { editionId: digest.editionId, batch: 0 },
    });
    expect(again.options).not.toHaveProperty('isUrgent');
    expect(again.options.delayMs).toBeLessThan(1_000);
    await office.deliver(digest.editionId);
    expect(office.queue.jobs.at(-1)).toEqual(again); // by its key the queue takes it once
    await office.deliver(news.editionId);
    expect(await office.tally(news.editionId)).toEqual({ accepted: 1 });
    await office.deliver(digest.editionId);
    expect(await office.tally(digest.editionId)).toEqual({ accepted: 2 });
  });

  it('does not wait for ever for breaking news that cannot be sent', async () => {
    await start();
    const digest = await office.frozen(['patient']);
    const news = await office.frozen(['stuck']);
    await office.rows(sql`UPDATE edition SET kind = 'alert' WHERE id = ${news.editionId}`);
    office.clock.advance(16 * MINUTE);
    await office.deliver(digest.editionId);
    expect(await office.tally(digest.editionId)).toEqual({ accepted: 1 });
    await office.deliver(news.editionId); // nothing else here is to give way to it
  });

  describe('what was committed while an edition goes out stops what is not begun', () => {
    it.each<[string, (ids: Record<string, string>, digestId: string) => Promise<unknown>]>([
      [
        'an unsubscribe',
        (ids) => office.get(UnsubscribeService).leave(ids.b!, { ...SOMEONE, method: 'one-click' }),
      ],
      ['a suppression', () => office.get(SuppressionService).add(office.address('b'), 'complaint')],
      ['an erasure', (ids) => office.get(SubscriberService).erase(ids.b!)],
      [
        'leaving this digest alone',
        (ids) => {
          const token = office.get(TokenSigner).sign('preferences', { subscriberId: ids.b! });
          return office.get(PreferencesService).update(token, { digests: [] });
        },
      ],
    ])('%s', async (what, happen) => {
      const { editionId, ids } = await during(['a', 'b', 'c'], (made) => happen(made.ids, made.digestId));
      const b = what === 'an erasure' ? ids.b! : 'b';
      expect(await office.states(editionId)).toEqual({ a: 'accepted', [b]: 'suppressed', c: 'accepted' });
      expect([...office.peer.acceptedPerRecipient().keys()].sort()).toEqual(
        ['a', 'c'].map((name) => office.address(name)),
      );
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    });

    it('a pause, and a resume goes on', async () => {
      const { editionId } = await during(['a', 'b', 'c'], (made) => office.editions.pause(made.editionId));
      expect(await office.states(editionId)).toEqual({ a: 'accepted', b: 'queued', c: 'queued' });
      expect(await office.edition(editionId)).toMatchObject({ status: 'paused' });
      expect((await office.editions.get(editionId)).counts).toMatchObject({
        claimed: 0,
        deferred: 0,
        queued: 2,
      });
      await office.editions.resume(editionId);
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
      expect(office.peer.accepted).toHaveLength(3);
    });

    it('a cancel, for good', async () => {
      const { editionId } = await during(['a', 'b', 'c'], (made) => office.editions.cancel(made.editionId));
      expect(await office.states(editionId)).toEqual({ a: 'accepted', b: 'suppressed', c: 'suppressed' });
      expect(await office.edition(editionId)).toMatchObject({ status: 'cancelled' });
      await office.tick();
      await office.deliver(editionId);
      expect(office.peer.accepted).toHaveLength(1);
    });

    it('the end of this process, which puts the rest back and tells the queue', async () => {
      const held = gate();
      await start({
        connections: 1,
        peer: {
          script: ({ command, count }) => (command === 'DOT' && count === 1 ? held.opened : undefined),
        },
      });
      const { editionId } = await office.frozen(['a', 'b', 'c']);
      const delivering = office.deliver(editionId);
      await office.peer.reached('DOT');
      office.stopping.abort();
      held.open();
      await delivering;
      expect(await office.states(editionId)).toEqual({ a: 'accepted', b: 'queued', c: 'queued' });
      expect(office.queue.jobs.at(-1)).toMatchObject({ name: 'edition.deliver', payload: { editionId } });
    });
  });

  it('looks once more when the server takes its time over the envelope', async () => {
    const held = gate();
    await start({
      connections: 1,
      peer: { script: ({ command, count }) => (command === 'RCPT' && count === 1 ? held.opened : undefined) },
    });
    const { editionId, ids } = await office.frozen(['b', 'c']);
    const delivering = office.deliver(editionId);
    await office.peer.reached('RCPT');
    await office.get(UnsubscribeService).leave(ids.b!, { ...SOMEONE, method: 'one-click' });
    await office.nextLook();
    held.open();
    await delivering;
    expect(await office.states(editionId)).toEqual({ b: 'suppressed', c: 'accepted' });
    expect(office.peer.accepted).toHaveLength(1);
  });

  it('begins nothing on old news: a slow database is waited for', async () => {
    await start({ connections: 1 });
    const { editionId, ids } = await office.frozen(['a', 'b']);
    const held = gate();
    const asked = gate();
    const { repository } = office;
    const original = repository.findStopped.bind(repository);
    repository.findStopped = async (...given) => {
      asked.open();
      await held.opened;
      return original(...given);
    };
    const lastLook = gate();
    office.peer.script = ({ command, count }) =>
      command === 'DOT' && count === 1 ? lastLook.opened : undefined;
    const delivering = office.deliver(editionId);
    await asked.opened; // the watch hangs from here on
    await office.get(UnsubscribeService).leave(ids.b!, { ...SOMEONE, method: 'one-click' });
    const from = performance.now();
    await eventually(() => performance.now() - from > 1_000); // the news of the claim itself grows old
    lastLook.open();
    await eventually(async () => (await office.states(editionId)).a === 'accepted');
    expect(office.peer.accepted).toHaveLength(1);
    held.open();
    await delivering;
    expect(await office.states(editionId)).toEqual({ a: 'accepted', b: 'suppressed' });
  });

  describe('connections', () => {
    const names = Array.from({ length: 10 }, (_, at) => `r${at}`);

    it('resends at once what met a pooled connection that the server had dropped', async () => {
      await start({ connections: 1 });
      const first = await office.frozen(['x']);
      await office.deliver(first.editionId);
      const held = await office.frozen(names);
      // The drop is not seen before the next MAIL: it answers that one.
      office.peer.script = ({ command, connection }) =>
        command === 'MAIL' && connection === 1 ? 'drop' : undefined;
      await office.deliver(held.editionId);
      expect(await office.edition(held.editionId)).toMatchObject({ status: 'sent' });
      expect(Object.values(await office.ledger(held.editionId)).map((row) => row.attempts)).toEqual(
        names.map(() => 1),
      );
      expect(office.peer.connections).toBe(2);
      expect(new Set(office.peer.acceptedPerRecipient().values())).toEqual(new Set([1]));
    });

    it('goes on over a new one when the server says 421 between messages', async () => {
      await start({ connections: 1 });
      const { editionId } = await office.frozen(names);
      office.peer.script = ({ command, to }) => {
        if (command === 'RCPT' && to.startsWith('r3@')) return '550 5.1.1 no';
        return command === 'RSET' ? '421 4.3.2 bye' : undefined;
      };
      await office.deliver(editionId);
      expect((await office.editions.get(editionId)).counts).toMatchObject({ accepted: 9, failed: 1 });
      expect(office.peer.connections).toBe(2);
    });

    it('puts everything back, uncounted, when nobody listens, and finishes when somebody does', async () => {
      await start({ connections: 3 });
      const { editionId } = await office.frozen(names);
      const { port } = office.peer;
      await office.peer.close();
      await office.deliver(editionId);
      const waiting = Object.values(await office.ledger(editionId));
      expect(waiting.map((row) => [row.status, row.attempts])).toEqual(names.map(() => ['queued', 0]));
      expect(office.queue.jobs.at(-1)).toMatchObject({
        name: 'edition.deliver',
        payload: { editionId, batch: 0 },
      });
      expect(office.queue.jobs.at(-1)!.options.delayMs).toBeGreaterThanOrEqual(250);
      const peer = await startSmtpPeer({ port });
      try {
        await eventually(() => office.get(TransportPool).restMs === 0);
        office.clock.advance(MINUTE);
        await office.deliver(editionId);
        expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
        expect(peer.accepted).toHaveLength(10);
      } finally {
        await peer.close();
      }
    });

    it('makes do with as many connections as the server lets it have', async () => {
      const open = new Set<number>();
      await start({
        connections: 5,
        peer: {
          script: ({ command, connection }) => {
            if (command !== 'CONNECT') return undefined;
            if (open.size >= 2) return '421 4.7.0 too many connections';
            open.add(connection);
            return undefined;
          },
        },
      });
      const { editionId } = await office.frozen(Array.from({ length: 60 }, (_, at) => `r${at}`));
      await office.deliver(editionId);
      const { counts, status } = await office.editions.get(editionId);
      expect({ status, counts }).toMatchObject({ status: 'sent', counts: { accepted: 60 } });
      expect(open.size).toBe(2);
    });

    it.each(['EHLO', 'AUTH', 'MAIL', 'DATA', 'DOT'] as const)(
      'ends what hangs when the server falls silent at %s and the process must stop',
      async (command) => {
        const auth = { user: 'me', password: 'secret' };
        await start({
          connections: 2,
          peer: { auth, script: (step) => (step.command === command ? 'stall' : undefined) },
        });
        const { editionId } = await office.frozen(['a', 'b', 'c']);
        const delivering = office.deliver(editionId);
        await office.peer.reached(command, 2);
        office.stopping.abort();
        office.breakingOff.abort();
        await delivering;
        const states = Object.values(await office.states(editionId)).sort();
        // After the dot nobody knows; before it nothing was sent.
        expect(states).toEqual(
          command === 'DOT' ? ['queued', 'uncertain', 'uncertain'] : ['queued', 'queued', 'queued'],
        );
      },
    );

    it('tries again later when the server breaks off while we sign in', async () => {
      const auth = { user: 'me', password: 'secret' };
      await start({
        connections: 2,
        peer: { auth, script: ({ command }) => (command === 'AUTH' ? 'drop' : undefined) },
      });
      const { editionId } = await office.frozen(['a', 'b', 'c']);
      await office.deliver(editionId);
      expect((await office.editions.get(editionId)).counts).toMatchObject({ queued: 3, deferred: 0 });
    });
  });

  it('fails only the reader whose address needs SMTPUTF8 when the server has it not', async () => {
    await start({ peer: { extensions: ['PIPELINING', '8BITMIME'] } });
    const { editionId } = await office.frozen(['jürgen', 'plain']);
    await office.deliver(editionId);
    const { jürgen, plain } = await office.ledger(editionId);
    expect(plain).toMatchObject({ status: 'accepted' });
    expect(jürgen).toMatchObject({ status: 'failed', smtpCode: null });
    expect(jürgen!.smtpReply).toMatch(/SMTPUTF8.*does not offer/);
    expect(await office.standing('jürgen')).toEqual({ suppressed: 0, status: 'active' });
  });

  it('uses SMTPUTF8 where the address needs it and the server has it', async () => {
    await start();
    const { editionId } = await office.frozen(['jürgen', 'plain']);
    await office.deliver(editionId);
    const said = office.peer.steps.filter((step) => step.command === 'MAIL').map((step) => step.argument);
    expect(said.filter((argument) => argument.endsWith(' SMTPUTF8'))).toHaveLength(1);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expect(office.peer.violations).toEqual([]);
  });

  it('pauses an edition that is larger than the server takes, rather than failing its readers', async () => {
    await start({ peer: { extensions: ['PIPELINING', 'SIZE 1000'] } });
    const { editionId } = await office.frozen(['a', 'b']);
    await office.deliver(editionId);
    const paused = await office.edition(editionId);
    expect(paused.status).toBe('paused');
    expect(paused.statusReason).toMatch(/552 5\.3\.4 the message has \d+ bytes; the mail server takes 1000/);
    expect(await office.states(editionId)).toEqual({ a: 'queued', b: 'queued' });
    expect(office.peer.steps.some((step) => step.command === 'MAIL')).toBe(false);
  });

  it('keeps mail in the built-in mailbox when there is no SMTP_URL, once each', async () => {
    await start({ smtp: null });
    const { editionId, ids } = await office.frozen(['a', 'b']);
    await office.deliver(editionId);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    await database.db.execute(`UPDATE edition SET status = 'sending' WHERE id = '${editionId}'`);
    await database.db.execute(`UPDATE delivery SET status = 'queued' WHERE edition_id = '${editionId}'`);
    await office.deliver(editionId);
    const kept = await office.rows<{ id: string }>(
      `SELECT message_id AS id FROM mailbox_message WHERE recipient LIKE '%@${office.domain}' ORDER BY recipient`,
    );
    expect(kept.map((row) => row.id)).toEqual(
      ['a', 'b'].map((name) => office.messageId(editionId, ids[name]!)),
    );
    expect(office.peer.connections).toBe(0);
  });

  it('goes on when its readers choose other digests, not this one', async () => {
    await start();
    const { editionId, ids } = await office.frozen(['a']);
    await database.db.delete(subscription).where(eq(subscription.subscriberId, ids.a!));
    await office.deliver(editionId);
    expect(await office.states(editionId)).toEqual({ a: 'suppressed' });
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
  });
});
