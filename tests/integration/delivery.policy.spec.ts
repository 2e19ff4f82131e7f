import { and, eq } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { Database } from '#database/database.js';
import { operator, outboxMail } from '#database/schema/index.js';
import { PolicyBreaker } from '#delivery/policy/policy-breaker.js';
import { UseTick } from '#delivery/recovery/use-tick.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { startSmtpPeer, type SmtpCommand, type SmtpScript } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { byReader, HOUR, MINUTE, names, PostOffice, type OfficeOptions } from './delivery.harness.js';

const DAY = 24 * HOUR;
const LISTED = '554 5.7.1 your address is listed, ask postmaster@';

onEachDatabase('delivery: refusals for policy', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  const start = async (options: OfficeOptions = {}) => {
    office = await PostOffice.open(database, { connections: 1, ...options });
    await database.db.delete(operator);
  };
  afterEach(() => office.close());

  /** Domains of this test alone. */
  const domain = (name: string) => `${name}.${office.domain}`;
  /** Readers of several domains, one after the other as they are claimed. */
  const mixed = (count: number, domains: string[]) =>
    Array.from({ length: count }, (_, at) => domains.map((name) => `r${at}@${domain(name)}`)).flat();
  const refusing =
    (domains: string[], command: SmtpCommand = 'RCPT'): SmtpScript =>
    (step) =>
      step.command === command && domains.some((name) => step.to.endsWith(`@${domain(name)}`))
        ? `${LISTED}${domain('bad')}`
        : undefined;

  async function operators(): Promise<void> {
    const { id: publicationId } = await office.get(PublicationService).current();
    for (const role of ['owner', 'editor', 'analyst'] as const) {
      const email = `${role}@${office.domain}`;
      await database.db
        .insert(operator)
        .values({ id: newId(), publicationId, email, passwordHash: '', role });
    }
  }
  const notices = (kind: 'edition-paused' | 'domain-rested', editionId: string) =>
    database.db
      .select()
      .from(outboxMail)
      .where(and(eq(outboxMail.kind, kind), eq(outboxMail.editionId, editionId)));

  /** Of the readers of a domain, how many are in each state. */
  async function tallyOf(editionId: string, name: string): Promise<Record<string, number>> {
    const rows = await office.rows<{ status: string; n: number }>(
      `SELECT d.status, count(*)::int AS n FROM delivery d JOIN subscriber s ON s.id = d.subscriber_id
       WHERE d.edition_id = '${editionId}' AND s.email LIKE '%@${domain(name)}' GROUP BY d.status`,
    );
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  }

  describe('one', () => {
    it.each<[SmtpCommand, string]>([
      ['RCPT', '554 5.7.1 not from you'],
      ['RCPT', '550 5.7.129 sender not authorized for this list'],
      ['RCPT', '550 blocked by our policy'],
      ['DATA', '554 5.7.1 no'],
      ['DOT', '554 5.7.1 looks like spam'],
      ['DOT', '550 5.7.26 unauthenticated'],
    ])('at %s (%s) fails that delivery alone and suppresses nobody', async (command, answer) => {
      await start({ peer: { script: byReader({ closed: { [command]: answer } }) } });
      const { editionId } = await office.frozen(['a', 'closed', 'b']);
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent', statusReason: null });
      expect(await office.states(editionId)).toEqual({ a: 'accepted', closed: 'failed', b: 'accepted' });
      expect((await office.ledger(editionId))['closed']).toMatchObject({ smtpReply: answer, attempts: 1 });
      expect(await office.standing('closed')).toEqual({ suppressed: 0, status: 'active' });
    });

    it('in a hundred readers, again and again, stops nothing', async () => {
      await start({
        peer: {
          script: ({ command, to }) => (command === 'RCPT' && /^r\d*7@/.test(to) ? LISTED : undefined),
        },
      });
      const { editionId } = await office.frozen(names(300, 'r'));
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
      expect(await office.tally(editionId)).toEqual({ accepted: 270, failed: 30 });
    });
  });

  describe('many of one domain', () => {
    it('let that domain rest: its readers wait, all others get theirs, and the operators are told', async () => {
      await start({ peer: {} });
      office.peer.script = refusing(['bad']);
      await operators();
      const { editionId } = await office.frozen(mixed(60, ['bad', 'good']));
      await office.deliver(editionId);
      expect(await tallyOf(editionId, 'bad')).toEqual({ failed: 20, queued: 40 });
      expect(await tallyOf(editionId, 'good')).toEqual({ accepted: 60 });
      expect(await office.edition(editionId)).toMatchObject({ status: 'sending', statusReason: null });
      expect((await office.standing(`r0@${domain('bad')}`)).suppressed).toBe(0);
      const told = await notices('domain-rested', editionId);
      expect(told.map(({ address }) => address?.split('@')[0]).sort()).toEqual(['editor', 'owner']);
      const reason = `${domain('bad')} refused 20 of the last 20 messages for policy, the last with: 554 5.7.1 your address is listed, ask [address]`;
      expect(told[0]!.payload).toMatchObject({ reason, at: '2027-01-05T09:16:00.000Z' });

      for (const { id } of told) await office.sendMail(id);
      const mail = office.peer.accepted.at(-1)!.raw.toString();
      expect(mail).toContain('A domain refuses our mail');
      expect(mail.replace(/=\r\n/g, '')).toContain(`${domain('bad')} refused 20 of the last 20 messages`);
      expect(mail.replace(/=\r\n/g, '')).toMatch(/It is tried again: .* 09:16 AM UTC/);
    });

    it('are tried with one message after each rest, which grows, until one is taken', async () => {
      await start();
      office.peer.script = refusing(['bad']);
      await operators();
      const { editionId } = await office.frozen(mixed(30, ['bad']));
      await office.deliver(editionId);
      expect(await office.tally(editionId)).toEqual({ failed: 20, queued: 10 });
      for (const [failed, restMinutes] of [
        [21, 30],
        [22, 60],
      ]) {
        office.clock.advance((restMinutes! / 2 - 1) * MINUTE);
        await office.deliver(editionId); // it still rests
        office.clock.advance(10 * MINUTE); // a rest's rows come back spread over a quarter of it more
        if (restMinutes === 60) office.clock.advance(5 * MINUTE);
        await office.deliver(editionId);
        expect(await office.tally(editionId)).toEqual({ failed, queued: 30 - failed! });
        await office.deliver(editionId);
        expect((await office.tally(editionId))['failed']).toBe(failed);
        const [row] = await office.rows<{ rests: number; minutes: number }>(
          `SELECT rests, extract(epoch FROM resting_until - updated_at)::int / 60 AS minutes
           FROM recipient_standing WHERE domain = '${domain('bad')}'`,
        );
        expect(row).toMatchObject({ minutes: restMinutes });
      }
      expect(await notices('domain-rested', editionId)).toHaveLength(2); // not again for each rest
      office.peer.script = undefined;
      office.clock.advance(2 * HOUR);
      await office.deliver(editionId);
      expect(await office.tally(editionId)).toMatchObject({ accepted: 1 });
      office.clock.advance(2 * MINUTE);
      await office.deliver(editionId);
      expect(await office.tally(editionId)).toEqual({ failed: 22, accepted: 8 });
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    });

    it('are counted by all workers together, and all leave it alone', async () => {
      await start();
      const other = await PostOffice.open(database, { connections: 1 });
      try {
        const script = refusing(['bad']);
        office.peer.script = script;
        other.peer.script = script;
        const [first, second] = [
          (await office.frozen(names(15, 'a', domain('bad')))).editionId,
          (await office.frozen(names(15, 'b', domain('bad')))).editionId,
        ];
        await office.deliver(first);
        expect(await office.tally(first)).toEqual({ failed: 15 });
        other.clock.set(office.clock.now());
        await other.deliver(second);
        expect(await office.tally(second)).toEqual({ failed: 5, queued: 10 });
        const policy = office.get(PolicyBreaker);
        await eventually(async () => ((await policy.resting()).get(domain('bad')) ?? 0) > 0);
        const third = (await office.frozen(names(5, 'c', domain('bad')))).editionId;
        await office.deliver(third);
        expect(await office.tally(third)).toEqual({ queued: 5 });
      } finally {
        await other.close();
      }
    });

    it('cost no more than what is on its way, however many connections there are', async () => {
      await start({ connections: 8 });
      office.peer.script = refusing(['bad']);
      const { editionId } = await office.frozen(mixed(100, ['bad']));
      await office.deliver(editionId);
      const { failed = 0, queued = 0 } = await office.tally(editionId);
      expect(failed + queued).toBe(100);
      expect(failed).toBeLessThanOrEqual(20 + 8);
    });

    it('who wait for a domain that refuses for 72 hours expire, and the edition ends', async () => {
      await start();
      office.peer.script = refusing(['bad']);
      const { editionId } = await office.frozen(mixed(40, ['bad']));
      await office.deliver(editionId);
      office.clock.advance(71 * HOUR);
      await office.tick();
      expect((await office.tally(editionId))['queued']).toBe(20);
      office.clock.advance(2 * HOUR);
      await office.tick();
      expect(await office.tally(editionId)).toEqual({ failed: 20, expired: 20 });
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
      office.clock.advance(32 * DAY);
      await office.get(UseTick).run();
      const policy = office.get(PolicyBreaker);
      await eventually(async () => !(await policy.resting()).has(domain('bad')));
    });
  });

  describe('across domains', () => {
    it('pause the edition, with the domains and the words, and tell the operators once', async () => {
      await start();
      office.peer.script = refusing(['bad', 'worse'], 'DOT');
      await operators();
      const { editionId } = await office.frozen(mixed(40, ['bad', 'worse', 'good']));
      await office.deliver(editionId);
      const paused = await office.editions.get(editionId);
      expect(paused).toMatchObject({ status: 'paused', pausedBy: { kind: 'service', name: null } });
      expect(paused.statusReason).toMatch(
        /^20 of the last (29|30) messages were refused for policy, by (bad|worse)\.\S+ \(10\), (bad|worse)\.\S+ \(10\), the last with: 554 5\.7\.1 your address is listed, ask \[address\]/,
      );
      expect(paused.counts).toMatchObject({ failed: 20, expired: 0, suppressed: 0 });
      const told = await notices('edition-paused', editionId);
      expect(told.map(({ address }) => address?.split('@')[0]).sort()).toEqual(['editor', 'owner']);
      expect(told[0]!.payload).toMatchObject({ reason: paused.statusReason });
      expect(office.queue.jobs.filter(({ name }) => name === 'mail.send')).toHaveLength(2);

      office.peer.script = undefined;
      for (const { id } of told) await office.sendMail(id);
      const mail = office.peer.accepted.at(-1)!.raw.toString().replace(/=\r\n/g, '');
      expect(mail).toContain('An edition was paused');
      expect(mail).toContain('20 of the last');
      await office.editions.resume(editionId);
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent', pausedBy: null });
      expect(await office.tally(editionId)).toEqual({ failed: 20, accepted: 100 });
      expect(await notices('edition-paused', editionId)).toHaveLength(2);
    });

    it('do so when each domain has but one reader', async () => {
      await start({ peer: { script: ({ command }) => (command === 'RCPT' ? LISTED : undefined) } });
      const { editionId } = await office.frozen(
        Array.from({ length: 60 }, (_, at) => `r@${domain(`d${at}`)}`),
      );
      await office.deliver(editionId);
      const { status, statusReason } = await office.edition(editionId);
      expect(status).toBe('paused');
      expect(statusReason).toContain('20 of the last 20 messages were refused for policy');
      expect(statusReason).toContain('15 more');
      expect((await office.tally(editionId))['failed']).toBe(20);
      await office.editions.resume(editionId); // it begins anew
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'paused' });
      expect((await office.tally(editionId))['failed']).toBe(40);
    });

    it('do not, when one domain has all but a few of them', async () => {
      await start();
      office.peer.script = (step) =>
        step.command === 'RCPT' && /^r[0-8]@other/.test(step.to) ? LISTED : refusing(['bad'])(step);
      const { editionId } = await office.frozen(mixed(60, ['bad', 'other']));
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'sending' });
      expect(await tallyOf(editionId, 'other')).toEqual({ accepted: 51, failed: 9 });
    });
  });

  it('a mail about a pause waits while the only transport refuses us, and goes by another', async () => {
    const wrong = { auth: { user: 'me', password: 'right' } };
    await start({
      peer: { ...wrong, script: (step) => (step.command === 'AUTH' ? '535 5.7.8 no' : undefined) },
    });
    await operators();
    const { editionId } = await office.frozen(['a']);
    await office.deliver(editionId);
    expect(await office.editions.get(editionId)).toMatchObject({
      status: 'paused',
      pausedBy: { kind: 'service', name: null },
    });
    const [told] = await notices('edition-paused', editionId);
    await office.sendMail(told!.id);
    expect(await office.mail(told!.id)).toMatchObject({ status: 'queued' });
    const peer = await startSmtpPeer();
    try {
      await office.transport({}, peer);
      await eventually(async () => {
        office.clock.advance(10 * MINUTE);
        await office.sendMail(told!.id);
        return (await office.mail(told!.id)).status === 'accepted';
      });
      expect(peer.accepted[0]!.raw.toString()).toContain('535 5.7.8');
    } finally {
      await peer.close();
    }
  });
});
