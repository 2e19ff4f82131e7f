import type { Database } from '#database/database.js';
import { onEachDatabase } from '../support/databases.js';
import type { SmtpAnswer, SmtpCommand, SmtpScript } from '../support/smtp-peer.js';
import { TransportPool } from '#delivery/routes/transport-pool.js';
import { eventually } from '../support/wait-for.js';
import { byReader, HOUR, messageIdOf, MINUTE, PostOffice, type OfficeOptions } from './delivery.harness.js';

onEachDatabase('delivery: what replies become', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  const start = async (options: OfficeOptions = {}) => (office = await PostOffice.open(database, options));
  afterEach(() => office.close());

  it('freezes one row for each active, unsuppressed, subscribed reader, once', async () => {
    await start();
    const { digestId, ids } = await office.audience(['one', 'two']);
    await office.audience(['elsewhere']);
    await office.reader('pending', digestId, { status: 'pending' });
    await office.reader('left', digestId, { status: 'unsubscribed' });
    await office.reader('nothing');
    const suppressed = await office.reader('bounced', digestId);
    await database.db.execute(
      `INSERT INTO suppression (id, publication_id, address_hmac, reason)
       SELECT gen_random_uuid(), publication_id, address_hmac, 'operator' FROM subscriber WHERE id = '${suppressed}'`,
    );
    const editionId = await office.requested(digestId);
    await office.prepare(editionId);
    expect(Object.values(await office.ledger(editionId)).map((row) => row.subscriberId)).toEqual(
      Object.values(ids),
    );
    expect(await office.edition(editionId)).toMatchObject({ status: 'sending', recipients: 2, batches: 1 });
    expect(office.queue.jobs.filter((job) => job.name === 'edition.deliver')).toHaveLength(1);

    await office.reader('late', digestId);
    await office.prepare(editionId);
    expect(Object.keys(await office.ledger(editionId))).toHaveLength(2);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sending', recipients: 2 });
  });

  it('is sent at once when there is no reader', async () => {
    await start();
    const { editionId } = await office.frozen([]);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent', recipients: 0 });
  });

  it.each([
    ['with PIPELINING', ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 52428800']],
    ['without PIPELINING', ['8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 52428800']],
  ])('counts every reader in exactly one state, %s', async (_how, extensions) => {
    const answers: Record<string, Partial<Record<SmtpCommand, SmtpAnswer>>> = {
      gone: { RCPT: '550 5.1.1 no such user' },
      grey: { RCPT: '450 4.2.0 greylisted' },
      full: { RCPT: '552 5.2.2 mailbox full' },
      off: { RCPT: '550 5.2.1 mailbox disabled' },
      slow: { DATA: '451 try later' },
      spoilt: { DOT: '554 5.6.0 cannot read this' },
      closing: { DOT: '421 4.3.2 going down' },
      lost: { DOT: 'drop' },
      kept: { DOT: 'accept-and-drop' },
      cut: { DATA: 'drop' },
      nonsense: { RCPT: 'hello there' },
    };
    await start({ peer: { extensions, script: byReader(answers) }, connections: 3 });
    const well = Array.from({ length: 30 }, (_, at) => `reader${at}`);
    // Among readers who are served: three that break the connection in a row would be about the server.
    const names = Object.keys(answers).flatMap((name, at) => [name, ...well.slice(at * 2, at * 2 + 2)]);
    const { editionId } = await office.frozen([...names, ...well.slice(2 * Object.keys(answers).length)]);
    await office.deliver(editionId);

    const states = await office.states(editionId);
    for (const name of well) expect(states[name]).toBe('accepted');
    expect(states).toMatchObject({
      gone: 'failed',
      grey: 'queued',
      full: 'queued',
      off: 'failed',
      slow: 'queued',
      spoilt: 'failed',
      closing: 'queued',
      lost: 'uncertain',
      kept: 'uncertain',
      cut: 'queued',
      nonsense: 'queued',
    });
    const { counts, status } = await office.editions.get(editionId);
    expect(counts).toEqual({
      recipients: 41,
      accepted: 30,
      deferred: 6,
      failed: 3,
      uncertain: 2,
      queued: 0,
      claimed: 0,
      suppressed: 0,
      expired: 0,
    });
    expect(status).toBe('sending'); // rows are open
    for (const email of ['gone', 'off']) {
      expect(await office.standing(email)).toEqual({ suppressed: 1, status: 'bounced' });
    }
    for (const email of ['spoilt', 'full']) {
      expect(await office.standing(email)).toEqual({ suppressed: 0, status: 'active' });
    }

    office.peer.script = undefined;
    office.clock.advance(2 * MINUTE);
    await office.deliver(editionId);
    const after = await office.editions.get(editionId);
    expect(after).toMatchObject({ status: 'sent', counts: { accepted: 36, failed: 3, uncertain: 2 } });
    const perReader = office.peer.acceptedPerRecipient();
    expect([...perReader.values()].every((n) => n === 1)).toBe(true);
    expect(perReader.size).toBe(37); // the 36, and the one that was kept without a word
    expect(perReader.has(office.address('lost'))).toBe(false);
    expect(office.peer.violations).toEqual([]);
    expect(office.logs.filter((line) => line.includes('lease ran out'))).toEqual([]);
  });

  it('tries again after growing delays, with the same Message-ID, and then is sent', async () => {
    await start({
      peer: {
        script: ({ command, count }) => (command === 'DOT' && count < 4 ? '451 4.7.1 wait' : undefined),
      },
    });
    const { editionId, ids } = await office.frozen(['grey']);
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      await office.deliver(editionId);
      const row = (await office.ledger(editionId))['grey']!;
      expect(row).toMatchObject({ status: 'queued', attempts: attempt, smtpCode: 451 });
      delays.push(row.dueAt.getTime() - office.clock.now().getTime());
      const retry = office.queue.jobs.at(-1)!;
      expect(retry).toMatchObject({ name: 'edition.deliver', payload: { editionId, batch: 0 } });
      // A long wait is left to the tick.
      if (attempt < 3) {
        const later = retry.options.delayMs! - delays.at(-1)!;
        expect(later).toBeGreaterThanOrEqual(0);
        expect(later).toBeLessThan(250); // on a grid, so that two jobs of one batch come back as one
      }
      await office.deliver(editionId); // not due: nothing happens
      expect(office.peer.steps.filter((step) => step.command === 'DOT')).toHaveLength(attempt);
      office.clock.advance(delays.at(-1)!);
    }
    expect(delays.map((delay) => Math.round(delay / MINUTE / 5))).toEqual([0, 1, 3]);
    await office.deliver(editionId);
    expect(await office.states(editionId)).toEqual({ grey: 'accepted' });
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    const [message] = office.peer.accepted;
    expect(messageIdOf(message!.raw)).toBe(office.messageId(editionId, ids['grey']!));
  });

  it('gives a deferred reader up after 72 hours, but never one that was not tried', async () => {
    await start({ peer: { script: byReader({ grey: { RCPT: '450 4.2.0 no' } }) } });
    const { editionId } = await office.frozen(['grey', 'other']);
    office.peer.script = ({ command }) => (command === 'RCPT' ? '450 4.2.0 no' : undefined);
    const paused = await office.frozen(['patient']);
    await office.deliver(editionId);
    office.clock.advance(73 * HOUR);
    await office.tick();
    expect(await office.states(editionId)).toEqual({ grey: 'expired', other: 'expired' });
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expect(await office.states(paused.editionId)).toEqual({ patient: 'queued' });
    await office.deliver(paused.editionId); // one more try, and it is too late for another
    expect(await office.states(paused.editionId)).toEqual({ patient: 'expired' });
  });

  const bouncing = Array.from({ length: 12 }, (_, at) => `gone${at}`);

  it('marks all hard bounces of a chunk, each once', async () => {
    await start({
      peer: { script: ({ command }) => (command === 'RCPT' ? '550 5.1.1 unknown' : undefined) },
    });
    const { editionId } = await office.frozen(bouncing);
    await office.deliver(editionId);
    for (const email of bouncing) {
      expect(await office.standing(email)).toEqual({ suppressed: 1, status: 'bounced' });
    }
    const [events] = await office.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM feedback_event WHERE edition_id = '${editionId}' AND type = 'bounce'`,
    );
    expect(events!.n).toBe(12);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
  });

  describe('a refusal of us', () => {
    const readers = Array.from({ length: 20 }, (_, at) => `r${at}`);

    it.each<[string, SmtpCommand, SmtpAnswer]>([
      ['of the sender', 'MAIL', '550 5.1.8 sender domain unknown'],
      ['by policy at MAIL', 'MAIL', '554 5.7.1 blocked, see https://example.org/'],
      ['at the greeting', 'CONNECT', '554 5.7.1 your address is listed'],
    ])('pauses the edition with its words and suppresses nobody: %s', async (_what, command, answer) => {
      await start({ peer: { script: (step) => (step.command === command ? answer : undefined) } });
      const { editionId } = await office.frozen(readers);
      await office.deliver(editionId);
      const paused = await office.edition(editionId);
      expect(paused.status).toBe('paused');
      expect(paused.statusReason).toContain(answer);
      const { counts } = await office.editions.get(editionId);
      expect(counts).toMatchObject({ recipients: 20, queued: 20, deferred: 0, failed: 0 });
      expect((await office.standing('r0')).suppressed).toBe(0);
      const asked = office.peer.steps.filter((step) => step.command === command).length;
      expect(asked).toBeLessThanOrEqual(4); // one a connection, and no more
      await office.deliver(editionId); // paused: nothing is begun
      expect(office.peer.steps.filter((step) => step.command === command)).toHaveLength(asked);

      office.peer.script = undefined;
      await office.editions.resume(editionId);
      office.clock.advance(MINUTE);
      await restOver(office);
      await office.deliver(editionId);
      expect(await office.editions.get(editionId)).toMatchObject({
        status: 'sent',
        counts: { accepted: 20 },
      });
      expect(new Set(office.peer.acceptedPerRecipient().values())).toEqual(new Set([1]));
    });

    it('pauses it when the name or password is refused, whatever the mechanism', async () => {
      await start({ peer: { auth: { user: 'me', password: 'right' }, script: wrongPassword } });
      const { editionId } = await office.frozen(['auth']);
      await office.deliver(editionId);
      const paused = await office.edition(editionId);
      expect(paused).toMatchObject({ status: 'paused' });
      expect(paused.statusReason).toContain('535 5.7.8');
      expect(paused.statusReason).not.toContain('right');
    });
  });
});

const wrongPassword: SmtpScript = ({ command }) =>
  command === 'AUTH' ? '535 5.7.8 Wrong name or password' : undefined;

/** A refused connection is followed by a rest, in real time, of about a second. */
async function restOver(office: PostOffice): Promise<void> {
  await eventually(() => office.get(TransportPool).restMs === 0);
}
