import { createHmac } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { Database } from '#database/database.js';
import {
  alarm,
  feed,
  feedbackEvent,
  operator,
  outboxMail,
  recipientStanding,
  transport,
  type AlarmCause,
} from '#database/schema/index.js';
import { AlarmGauge } from '#feedback/alarms/alarm-gauge.js';
import { AlarmTick } from '#feedback/alarms/alarm.tick.js';
import { Alarms } from '#feedback/alarms/alarms.js';
import { AlarmsModule } from '#feedback/alarms/alarms.module.js';
import { TRIES_AFTER_MS } from '#feedback/alarms/webhook-call.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { newId } from '#kernel/ids.js';
import { CallReceiver } from '../support/call-receiver.js';
import { onEachDatabase } from '../support/databases.js';
import { HOUR, MINUTE, PostOffice, type OfficeOptions } from './delivery.harness.js';

const DAY = 24 * HOUR;
const SECRET = Buffer.from('a key that only the tests and their receiver know').toString('base64');

onEachDatabase('feedback: alarms', (open) => {
  let database: Database;
  let office: PostOffice;
  let publicationId: string;
  beforeAll(async () => {
    database = await open();
  });

  /** An office where all is well. */
  const start = async (options: OfficeOptions = {}) => {
    office = await PostOffice.open(database, { ...options, modules: [AlarmsModule] });
    publicationId = (await office.get(PublicationService).current()).id;
    for (const table of [alarm, feedbackEvent, feed, operator, outboxMail, recipientStanding]) {
      await database.db.delete(table);
    }
    await run(sql`DELETE FROM edition_number`);
    await run(sql`DELETE FROM edition_number_delta`);
    await run(sql`DELETE FROM way_in`);
    await run(sql`UPDATE edition SET status = 'cancelled', late_since = NULL`);
    await run(sql`UPDATE transport SET resting_until = NULL, last_error_at = NULL`);
    for (const role of ['owner', 'editor', 'analyst'] as const) {
      const email = `${role}@${office.domain}`;
      await database.db
        .insert(operator)
        .values({ id: newId(), publicationId, email, passwordHash: '', role });
    }
  };
  beforeEach(() => start());
  afterEach(() => office.close());

  const run = (query: SQL) => database.db.execute(query);
  const ago = (ms: number) => new Date(office.clock.now().getTime() - ms);
  const at = (date: Date) => sql`${date.toISOString()}::timestamptz`;
  const tick = () => office.get(AlarmTick).run();
  const alarms = () => office.get(Alarms);
  const listed = async (state?: 'open' | 'seen' | 'gone') =>
    (await alarms().list({ limit: 50, ...(state ? { state } : {}) })).data;
  const brief = async () => (await listed()).map(({ cause, subject, state }) => ({ cause, subject, state }));
  const mails = async () =>
    (await database.db.select().from(outboxMail)).filter(({ kind }) => kind === 'alarm');
  const finding = (subject: string, detail: Record<string, unknown> = {}) => ({
    publicationId,
    cause: 'feed_broken' as const,
    subject,
    detail: { name: 'Harbour news', ...detail },
  });

  /** An edition that is going out, with so many messages accepted and failed. */
  async function edition(accepted = 0, failed = 0): Promise<string> {
    const { editionId } = await office.frozen([`a${newId()}`]);
    const hour = at(new Date(Math.floor(office.clock.now().getTime() / HOUR) * HOUR));
    // Some of it is not folded in yet.
    await run(sql`INSERT INTO edition_number (edition_id, provider, hour, accepted, failed)
      VALUES (${editionId}, 'other', ${hour}, ${accepted}::int - ${accepted >> 1}::int, ${failed}::int)`);
    await run(sql`INSERT INTO edition_number_delta (id, edition_id, provider, hour, accepted)
      VALUES (${newId()}, ${editionId}, 'other', ${hour}, ${accepted >> 1}::int)`);
    return editionId;
  }

  /** So many readers complained of an edition, or their addresses bounced. */
  async function events(
    editionId: string,
    type: 'complaint' | 'bounce',
    count: number,
    more: { class?: string | null; at?: Date } = {},
  ) {
    const rows = Array.from({ length: count }, () => ({
      id: newId(),
      publicationId,
      type,
      subscriberId: newId(),
      editionId,
      at: office.clock.now(),
      ...more,
    }));
    await database.db.insert(feedbackEvent).values(rows);
  }

  describe('raised', () => {
    it('twice are one row with the latest detail, and one mail to each who may decide', async () => {
      await alarms().raise(null, finding('f1', { failures: 3 }));
      office.clock.advance(MINUTE);
      await alarms().raise(null, finding('f1', { failures: 4 }));
      const [one, ...others] = await listed();
      expect(others).toEqual([]);
      expect(one).toMatchObject({ cause: 'feed_broken', subject: 'f1', state: 'open', until: null });
      expect(one!.detail).toEqual({ name: 'Harbour news', failures: 4 });
      expect((await mails()).map(({ address }) => address?.split('@')[0]).sort()).toEqual([
        'editor',
        'owner',
      ]);
    });

    it('send a mail that says what happened, since when, and what to do', async () => {
      await alarms().raise(null, {
        ...finding('f1', { reason: 'no answer from ann@example.org' }),
        since: new Date('2027-01-05T07:30:00Z'),
      });
      for (const { id } of await mails()) await office.sendMail(id);
      const mail = office.peer.accepted.at(-1)!.raw.toString().replace(/=\r\n/g, '');
      expect(mail).toContain('Subject: The feed Harbour news cannot be read');
      expect(mail).toMatch(/Since: .*5 January 2027.* 07:30|Since: .*January 5, 2027.* 07:30/);
      expect(mail).toContain('no answer from [address]');
      expect(mail).toContain('What to do:');
      expect(mail).toContain('/admin/feeds/f1');
      expect(mail).not.toContain('ann@example.org');
    });

    it('by two workers at once are one row and one mail', async () => {
      await Promise.all(
        Array.from({ length: 8 }, (_, turn) => alarms().raise(null, finding('f1', { turn }))),
      );
      expect(await brief()).toEqual([{ cause: 'feed_broken', subject: 'f1', state: 'open' }]);
      expect(await mails()).toHaveLength(2);
    });

    it('in the caller’s transaction are there, with their mail, when it commits and only then', async () => {
      const broken = database.transaction(async (tx) => {
        await alarms().raise(tx, finding('f1'));
        throw new Error('it fails after all');
      });
      await expect(broken).rejects.toThrow('after all');
      expect(await brief()).toEqual([]);
      expect(await mails()).toEqual([]);
      const ids = await database.transaction((tx) => alarms().raise(tx, finding('f1')));
      expect(ids.sort()).toEqual((await mails()).map(({ id }) => id).sort());
      expect(await brief()).toHaveLength(1);
    });

    it('again after they were gone are new rows, with a mail of their own', async () => {
      await alarms().raise(null, finding('f1'));
      office.clock.advance(MINUTE);
      await alarms().clear('feed_broken', 'f1');
      await alarms().clear('feed_broken', 'f1');
      expect(await listed()).toMatchObject([{ state: 'gone', until: office.clock.now() }]);
      await alarms().raise(null, finding('f1'));
      expect((await brief()).map(({ state }) => state)).toEqual(['open', 'gone']);
      expect(await mails()).toHaveLength(4);
    });

    it('at a higher level are opened again and mailed again, once', async () => {
      const rate = (level: string, count: number) => ({
        publicationId,
        cause: 'complaint_rate' as const,
        subject: publicationId,
        detail: { scope: 'publication', name: 'The Post', level, count, of: 10_000 },
      });
      await alarms().raise(null, rate('warning', 12));
      const [{ id } = { id: '' }] = await listed();
      await alarms().seen(id, 'Ann');
      await alarms().raise(null, rate('severe', 31));
      await alarms().raise(null, rate('warning', 29));
      await alarms().raise(null, rate('severe', 30));
      expect(await listed()).toMatchObject([
        { id, state: 'open', seenBy: null, detail: { level: 'severe' } },
      ]);
      expect((await mails()).map(({ payload }) => payload['key']).sort()).toEqual([
        'complaint_rate',
        'complaint_rate',
        'complaint_rate_severe',
        'complaint_rate_severe',
      ]);
    });
  });

  describe('seen', () => {
    it('say by whom, and stay so until they are gone', async () => {
      await alarms().raise(null, finding('f1'));
      const [{ id } = { id: '' }] = await listed('open');
      const now = office.clock.now();
      expect(await alarms().seen(id, 'Ann')).toMatchObject({ state: 'seen', seenAt: now, seenBy: 'Ann' });
      office.clock.advance(MINUTE);
      expect(await alarms().seen(id, 'Ben')).toMatchObject({ state: 'seen', seenAt: now, seenBy: 'Ann' });
      await alarms().raise(null, finding('f1', { failures: 9 }));
      expect(await listed()).toMatchObject([{ id, state: 'seen', detail: { failures: 9 } }]);
      await alarms().clear('feed_broken', 'f1');
      expect(await alarms().seen(id, 'Ben')).toMatchObject({ state: 'gone', seenBy: 'Ann' });
      expect(await mails()).toHaveLength(2);
    });

    it('are gone when they are of something that merely happened, which the tick leaves alone', async () => {
      const changed = {
        publicationId,
        cause: 'records_changed' as const,
        subject: 'harbour.example',
        detail: {},
      };
      await alarms().raise(null, changed);
      await tick();
      const [{ id } = { id: '' }] = await listed('open');
      expect(await alarms().seen(id, 'Ann')).toMatchObject({ state: 'gone', until: office.clock.now() });
    });

    it.each(['nonsense', newId()])('is nothing that %s can be', async (id) => {
      await expect(alarms().seen(id, null)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  it('are listed newest first, page by page, by state and cause', async () => {
    for (const subject of ['f1', 'f2', 'f3']) await alarms().raise(null, finding(subject));
    await alarms().clear('feed_broken', 'f2');
    const first = await alarms().list({ limit: 2 });
    expect(first.data.map(({ subject }) => subject)).toEqual(['f3', 'f2']);
    const rest = await alarms().list({ limit: 2, cursor: first.nextCursor! });
    expect(rest).toMatchObject({ data: [{ subject: 'f1' }], nextCursor: null });
    expect((await listed('open')).map(({ subject }) => subject)).toEqual(['f3', 'f1']);
    expect((await alarms().list({ limit: 2, cause: 'edition_late' })).data).toEqual([]);
  });

  it('are counted for the metrics while they are open', async () => {
    await alarms().raise(null, finding('f1'));
    await alarms().raise(null, finding('f2'));
    await alarms().clear('feed_broken', 'f1');
    await office.get(AlarmGauge).count();
    const { values } = await office.get(Metrics).openAlarms.get();
    expect(values.find(({ labels }) => labels.cause === 'feed_broken')?.value).toBe(1);
    expect(values.find(({ labels }) => labels.cause === 'edition_late')?.value).toBe(0);
  });

  describe('of the world', () => {
    interface Staged {
      subject: string;
      /** What its detail has. */
      detail: Record<string, unknown>;
      mend: () => Promise<unknown>;
      /** How long after it the alarm is gone; 0 if at once. */
      calmMs: number;
      /** Mails by the alarm itself. */
      mailed: number;
    }
    type Stage = () => Promise<Staged>;
    const state = (id: string, changes: SQL) => run(sql`UPDATE edition SET ${changes} WHERE id = ${id}`);
    const well = { calmMs: 0, mailed: 2 };

    const stages: [string, AlarmCause, Stage][] = [
      [
        'an edition that the service paused',
        'edition_paused',
        async () => {
          const id = await edition();
          await state(
            id,
            sql`status = 'paused', paused_by = '{"kind":"service","name":null}',
            status_reason = 'refused by ann@example.org'`,
          );
          return {
            ...well,
            subject: id,
            detail: { reason: 'refused by [address]' },
            mend: () => state(id, sql`status = 'sending', paused_by = NULL`),
            mailed: 0, // it has a mail already
          };
        },
      ],
      [
        'an edition that could not be prepared',
        'edition_failed',
        async () => {
          const id = await edition();
          await state(
            id,
            sql`status = 'failed', status_reason = 'The template', updated_at = ${at(ago(DAY))}`,
          );
          const mend = () => state(id, sql`updated_at = ${at(ago(8 * DAY))}`);
          return { ...well, subject: id, detail: { reason: 'The template' }, mend };
        },
      ],
      [
        'an edition that will miss its deadline',
        'edition_late',
        async () => {
          const id = await edition();
          await state(
            id,
            sql`deadline = ${at(new Date('2027-01-05T12:00:00Z'))}, late_since = ${at(ago(MINUTE))}`,
          );
          return {
            ...well,
            subject: id,
            detail: { phase: 'finish', due: '2027-01-05T12:00:00.000Z' },
            mend: () => state(id, sql`late_since = NULL`),
            calmMs: 10 * MINUTE,
          };
        },
      ],
      [
        'an edition that has not begun',
        'edition_late',
        async () => {
          const id = await edition();
          const due = ago(11 * MINUTE);
          await state(id, sql`status = 'scheduled', send_at = ${at(due)}, next_wave_at = NULL`);
          return {
            ...well,
            subject: id,
            detail: { phase: 'start', due: due.toISOString() },
            mend: () => state(id, sql`status = 'cancelled'`),
            calmMs: 10 * MINUTE,
          };
        },
      ],
      [
        'an edition of which a wave has not begun',
        'edition_late',
        async () => {
          const id = await edition();
          await state(id, sql`next_wave_at = ${at(ago(11 * MINUTE))}`);
          const mend = () => state(id, sql`next_wave_at = NULL`);
          return { ...well, subject: id, detail: { phase: 'start' }, mend, calmMs: 10 * MINUTE };
        },
      ],
      [
        'a domain that refuses us',
        'provider_blocking',
        async () => {
          const domain = `bad.${office.domain}`;
          await database.db.insert(recipientStanding).values({
            domain,
            recent: '0111',
            rests: 2,
            restingSince: ago(HOUR),
            updatedAt: ago(HOUR),
          });
          return {
            ...well,
            subject: domain,
            detail: { name: domain, rests: 2, refused: 3, of: 4, restingUntil: null },
            mend: () => database.db.update(recipientStanding).set({ rests: 0 }),
            mailed: 0,
          };
        },
      ],
      [
        'many complaints of an edition',
        'complaint_rate',
        async () => {
          const id = await edition(2_000);
          await edition(8_000); // the publication's other readers are content
          await events(id, 'complaint', 3);
          return {
            ...well,
            subject: id,
            detail: { scope: 'edition', level: 'warning', count: 3, of: 2_000, rate: 0.0015 },
            mend: () => database.db.delete(feedbackEvent),
            calmMs: DAY,
          };
        },
      ],
      [
        'many dead addresses',
        'bounce_rate',
        async () => {
          const id = await edition(190, 10);
          await events(id, 'bounce', 3, { class: 'hard' });
          await events(id, 'bounce', 2); // from the dialogue, before there were classes
          await events(id, 'bounce', 50, { class: 'blocked' });
          return {
            ...well,
            subject: id,
            detail: { count: 5, of: 200, rate: 0.025 },
            mend: () => database.db.delete(feedbackEvent),
            calmMs: DAY,
          };
        },
      ],
      [
        'a feed that fails again and again',
        'feed_broken',
        async () => {
          const id = await brokenFeed({ failures: 3, succeededAt: ago(HOUR) });
          const detail = { name: 'Harbour news', reason: 'It answers 404.' };
          return { ...well, subject: id, detail, mend: () => database.db.update(feed).set({ failures: 0 }) };
        },
      ],
      [
        'a feed that was last read long ago',
        'feed_broken',
        async () => {
          const id = await brokenFeed({ failures: 1, succeededAt: ago(25 * HOUR) });
          const mend = () => database.db.update(feed).set({ enabled: false });
          return { ...well, subject: id, detail: { name: 'Harbour news' }, mend };
        },
      ],
      [
        'a transport that rests',
        'transport_resting',
        async () => {
          const { id, name } = await office.transport();
          const rest = { restingUntil: ago(-30_000), lastErrorAt: ago(2 * MINUTE), lastError: '535 no' };
          await database.db
            .update(transport)
            .set(rest)
            .where(sql`id = ${id}`);
          return {
            ...well,
            subject: id,
            detail: { name, reason: '535 no', restingUntil: ago(-30_000).toISOString() },
            mend: () => database.db.update(transport).set({ restingUntil: null }),
            calmMs: 15 * MINUTE,
          };
        },
      ],
      [
        'a mailbox that cannot be read',
        'mailbox_unreachable',
        async () => {
          await run(sql`INSERT INTO way_in (name, is_well, since, problem, updated_at)
            VALUES ('imap', false, ${at(ago(3 * MINUTE))}, 'sign-in refused', ${at(ago(0))})`);
          return {
            ...well,
            subject: 'imap',
            detail: { name: 'imap', reason: 'sign-in refused' },
            mend: () => run(sql`UPDATE way_in SET is_well = true`),
            calmMs: 5 * MINUTE,
          };
        },
      ],
    ];

    async function brokenFeed(how: Partial<typeof feed.$inferInsert>): Promise<string> {
      const id = newId();
      await database.db.insert(feed).values({
        id,
        publicationId,
        url: `https://news.example/${id}.xml`,
        name: 'Harbour news',
        everyMinutes: 30,
        dueAt: ago(0),
        lastError: 'It answers 404.',
        ...how,
      });
      return id;
    }

    it.each(stages)('%s is %s, told once, until it is mended', async (_name, cause, stage) => {
      const { subject, detail, mend, calmMs, mailed } = await stage();
      await tick();
      await tick();
      expect(await listed()).toMatchObject([{ cause, subject, state: 'open', detail }]);
      expect(await mails()).toHaveLength(mailed);
      await mend();
      if (calmMs > 0) {
        office.clock.advance(calmMs - 1);
        await tick();
        expect(await brief()).toEqual([{ cause, subject, state: 'open' }]);
        office.clock.advance(1);
      }
      await tick();
      expect(await brief()).toEqual([{ cause, subject, state: 'gone' }]);
      expect(await mails()).toHaveLength(mailed);
    });

    it.each<[string, () => Promise<unknown>]>([
      [
        'an edition that a person paused',
        async () =>
          state(await edition(), sql`status = 'paused', paused_by = '{"kind":"operator","name":"Ann"}'`),
      ],
      [
        'one that failed last month',
        async () => state(await edition(), sql`status = 'failed', updated_at = ${at(ago(30 * DAY))}`),
      ],
      [
        'one that is due now',
        async () => state(await edition(), sql`status = 'scheduled', send_at = ${at(ago(MINUTE))}`),
      ],
      [
        'one that was late and is sent',
        async () => state(await edition(), sql`status = 'sent', deadline = now(), late_since = now()`),
      ],
      ['two complaints', async () => events(await edition(1_000), 'complaint', 2)],
      ['three complaints of few', async () => events(await edition(900), 'complaint', 3)],
      [
        'complaints of last week',
        async () => events(await edition(2_000), 'complaint', 9, { at: ago(8 * DAY) }),
      ],
      ['dead addresses that are few', async () => events(await edition(1_000), 'bounce', 20)],
      ['mailboxes that are full', async () => events(await edition(1_000), 'bounce', 90, { class: 'soft' })],
      ['a feed that failed twice', () => brokenFeed({ failures: 2, succeededAt: ago(HOUR) })],
      ['a feed that is off', () => brokenFeed({ failures: 9, enabled: false })],
      [
        'a transport that rests for seconds',
        async () => {
          const { id } = await office.transport();
          const rest = { restingUntil: ago(-20_000), lastErrorAt: ago(10_000) };
          await database.db
            .update(transport)
            .set(rest)
            .where(sql`id = ${id}`);
        },
      ],
      [
        'a mailbox that broke off just now',
        () =>
          run(sql`INSERT INTO way_in (name, is_well, since, updated_at)
            VALUES ('imap', false, ${at(ago(MINUTE))}, ${at(ago(MINUTE))})`),
      ],
    ])('%s is none', async (_name, stage) => {
      await stage();
      await tick();
      expect(await brief()).toEqual([]);
    });

    it('complaints are also counted for the publication, of a week', async () => {
      for (const complaints of [2, 2]) await events(await edition(1_000), 'complaint', complaints);
      await tick();
      expect(await listed()).toMatchObject([
        {
          cause: 'complaint_rate',
          subject: publicationId,
          detail: { level: 'warning', count: 4, of: 2_000 },
        },
      ]);
    });

    it('a reader who complains twice is one', async () => {
      const id = await edition(1_000);
      const subscriberId = newId();
      const twice = { publicationId, type: 'complaint' as const, editionId: id, at: ago(0) };
      for (let turn = 0; turn < 3; turn++) {
        await database.db.insert(feedbackEvent).values({ ...twice, id: newId(), subscriberId });
      }
      await tick();
      expect(await brief()).toEqual([]);
    });
  });

  describe('the webhook', () => {
    let receiver: CallReceiver;
    beforeEach(async () => {
      await office.close();
      receiver = await CallReceiver.start();
      await start({ config: { alarmWebhook: { url: receiver.url, secret: SECRET } } });
    });
    afterEach(() => receiver.close());

    const told = () =>
      receiver.calls.map(
        ({ body }) => JSON.parse(body) as { type: string; data: { id: string; state: string } },
      );
    const raise = () =>
      alarms().raise(null, {
        publicationId,
        cause: 'records_changed',
        subject: 'harbour.example',
        detail: {},
      });

    it('is told that an alarm began and that it is gone, each once, with a signature that proves it', async () => {
      await raise();
      await tick();
      await tick();
      const [{ id } = { id: '' }] = await listed();
      office.clock.advance(MINUTE);
      await alarms().seen(id, 'Ann');
      await tick();
      await tick();
      expect(told()).toMatchObject([
        {
          type: 'alarm.opened',
          data: { id, cause: 'records_changed', subject: 'harbour.example', state: 'open' },
        },
        { type: 'alarm.gone', data: { id, state: 'gone', until: office.clock.now().toISOString() } },
      ]);
      for (const { headers, body } of receiver.calls) {
        const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
        const mac = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(signed).digest('base64');
        expect(headers['webhook-signature']).toBe(`v1,${mac}`);
        expect(headers['content-type']).toBe('application/json');
      }
      expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    });

    it.each([500, 404, 302])(
      'that answers %d is called again, under the same id, after a wait',
      async (status) => {
        receiver.status = status;
        await raise();
        await tick();
        await tick();
        expect(receiver.calls).toHaveLength(1);
        receiver.status = 200;
        office.clock.advance(MINUTE);
        await tick();
        await tick();
        expect(receiver.calls).toHaveLength(2);
        const [first, second] = receiver.calls.map(({ headers }) => headers);
        expect(second!['webhook-id']).toBe(first!['webhook-id']);
        expect(Number(second!['webhook-timestamp']) - Number(first!['webhook-timestamp'])).toBe(60);
      },
    );

    it('hears that it began before it hears that it is gone', async () => {
      receiver.status = 503;
      await raise();
      await tick();
      office.clock.advance(MINUTE);
      const [{ id } = { id: '' }] = await listed();
      await alarms().seen(id, null);
      receiver.status = 200;
      await tick();
      await tick();
      expect(told().map(({ type }) => type)).toEqual(['alarm.opened', 'alarm.opened', 'alarm.gone']);
    });

    it('that never takes a call is given up after a day, and said so', async () => {
      receiver.status = 500;
      await raise();
      for (let hour = 0; hour < 60; hour++) {
        await tick();
        office.clock.advance(HOUR);
      }
      expect(receiver.calls).toHaveLength(TRIES_AFTER_MS.length);
      expect(office.logs.filter((line) => line.includes('is given up'))).toHaveLength(1);
      expect(office.logs.join()).not.toContain(SECRET);
    });

    it('that fails is not called for every alarm in vain', async () => {
      receiver.status = 500;
      for (let n = 0; n < 12; n++) await alarms().raise(null, finding(`x${n}`));
      await database.db.execute(sql`UPDATE alarm SET cause = 'records_changed'`);
      await tick();
      expect(receiver.calls).toHaveLength(4);
      receiver.status = 200;
      office.clock.advance(MINUTE);
      await tick();
      expect(new Set(told().map(({ data }) => data.id)).size).toBe(12);
    });

    it('is called by one of two workers', async () => {
      await raise();
      await Promise.all([tick(), tick(), tick()]);
      expect(receiver.calls).toHaveLength(1);
    });
  });
});
