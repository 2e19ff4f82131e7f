import { jest } from '@jest/globals';
import { asc, eq } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { digest as digestTable, edition, outboxMail, slot } from '#database/schema/index.js';
import type { Digest } from '#digest/operator/digest.service.js';
import { EditionRepository } from '#digest/model/edition.repository.js';
import { onEachDatabase } from './../support/databases.js';
import { Newsroom } from './digest.harness.js';

const MINUTE = 60_000;

onEachDatabase('slots', (open, kind) => {
  let database: Database;
  let room: Newsroom;
  beforeAll(async () => {
    database = await open();
    room = await Newsroom.open(database);
  });
  beforeEach(async () => {
    // What earlier tests scheduled shall not fire in this one.
    await database.db.update(digestTable).set({ cron: null });
    room.clock.set('2027-01-05T09:00:00Z');
    room.queue.jobs.length = 0;
  });
  afterEach(() => jest.restoreAllMocks());

  const scheduled = (cron: string, overrides: Record<string, unknown> = {}, schedule = {}) =>
    room.digests.create({ name: 'Brief', schedule: { cron, timeZone: 'UTC', ...schedule }, ...overrides });
  const slotsOf = ({ id }: Digest) =>
    database.db.select().from(slot).where(eq(slot.digestId, id)).orderBy(asc(slot.at));
  const editionsOf = ({ id }: Digest) =>
    database.db.select().from(edition).where(eq(edition.digestId, id)).orderBy(asc(edition.sendAt));
  const timesOf = async (digest: Digest) => (await slotsOf(digest)).map(({ at }) => at.toISOString());

  it('fires at its time, once, and has its edition prepared', async () => {
    const digest = await scheduled('0 10 * * *');
    expect(digest).toMatchObject({
      schedule: { cron: '0 10 * * *', timeZone: 'UTC', readerLocal: false },
      nextAt: new Date('2027-01-05T10:00:00Z'),
    });
    await room.tickAt('2027-01-05T09:59:59Z');
    expect(await slotsOf(digest)).toEqual([]);
    await room.tickAt('2027-01-05T10:00:10Z');
    await room.tickAt('2027-01-05T10:00:40Z');
    const [fired, ...others] = await slotsOf(digest);
    expect(others).toEqual([]);
    expect(fired).toMatchObject({
      status: 'fired',
      at: new Date('2027-01-05T10:00:00Z'),
      local: false,
      reason: null,
      previousAt: new Date('2027-01-04T10:00:00Z'),
    });
    const [made] = await editionsOf(digest);
    expect(made).toMatchObject({
      id: fired!.editionId,
      slotId: fired!.id,
      slug: `${digest.slug}-2027-01-05`,
      status: 'preparing',
      kind: 'regular',
      selection: 'auto',
      approval: null,
      sendAt: fired!.at,
      nextWaveAt: fired!.at,
      startedAt: new Date('2027-01-05T10:00:10Z'),
    });
    expect(room.queue.jobs).toEqual([{ name: 'edition.prepare', payload: { editionId: made!.id } }]);
  });

  it('fires again while the edition before is under way', async () => {
    const digest = await scheduled('0 * * * *');
    for (const hour of ['10', '11', '12']) await room.tickAt(`2027-01-05T${hour}:00:10Z`);
    expect((await editionsOf(digest)).map(({ status }) => status)).toEqual(Array(3).fill('preparing'));
  });

  it('counts nothing as missed that was before the schedule', async () => {
    const digest = await scheduled('0 8 * * *');
    await room.tickAt('2027-01-05T23:00:00Z');
    expect(await slotsOf(digest)).toEqual([]);
    room.clock.set('2027-01-06T12:00:00Z');
    await room.digests.patch(digest.id, { schedule: { cron: '0 9 * * *', timeZone: 'UTC' } });
    await room.tickAt('2027-01-06T12:01:00Z');
    expect(await slotsOf(digest)).toEqual([]);
    await room.tickAt('2027-01-07T09:00:00Z');
    expect(await timesOf(digest)).toEqual(['2027-01-07T09:00:00.000Z']);
    expect((await room.digests.patch(digest.id, { schedule: null })).schedule).toBeNull();
    await room.tickAt('2027-01-20T00:00:00Z');
    expect(await slotsOf(digest)).toHaveLength(1);
  });

  it('keeps what was missed when the same schedule is set again', async () => {
    const digest = await scheduled('0 10 * * *');
    room.clock.set('2027-01-05T10:30:00Z');
    await room.digests.patch(digest.id, { name: 'Other', schedule: { cron: '0 10 * * *', timeZone: 'UTC' } });
    await room.tickAt('2027-01-05T10:31:00Z');
    expect(await timesOf(digest)).toEqual(['2027-01-05T10:00:00.000Z']);
  });

  it('sends what was missed late, and holds what is older than the limit', async () => {
    const [owner, editor] = [await room.operator('owner'), await room.operator('editor')];
    const viewer = await room.operator('analyst');
    const digest = await scheduled('0 */2 * * *', { lateLimitMinutes: 180 });
    await room.tickAt('2027-01-05T16:30:00Z');
    expect((await slotsOf(digest)).map(({ at, status }) => [at.getUTCHours(), status])).toEqual([
      [10, 'held'],
      [12, 'held'],
      [14, 'fired'],
      [16, 'fired'],
    ]);
    const [held] = await slotsOf(digest);
    expect(held).toMatchObject({ reason: expect.stringContaining('180 minutes') as string, editionId: null });
    const mails = await database.db.select().from(outboxMail).where(eq(outboxMail.kind, 'slot-held'));
    const to = mails.map(({ address }) => address);
    expect(to.filter((address) => address === owner)).toHaveLength(1);
    expect(to.filter((address) => address === editor)).toHaveLength(1);
    expect(to).not.toContain(viewer);
    expect(mails[0]!.payload).toMatchObject({ digestId: digest.id, count: 2 });
    expect(room.queue.jobs.map(({ name }) => name).sort()).toEqual([
      'edition.prepare',
      'edition.prepare',
      'mail.send',
      'mail.send',
    ]);
  });

  it('does not call a slot late that the next tick but one finds', async () => {
    const digest = await scheduled('0 10 * * *', { lateLimitMinutes: 0 });
    await room.tickAt('2027-01-05T10:02:00Z');
    expect((await slotsOf(digest)).map(({ status }) => status)).toEqual(['fired']);
    await room.tickAt('2027-01-06T10:02:01Z');
    expect((await slotsOf(digest)).map(({ status }) => status)).toEqual(['fired', 'held']);
  });

  it('catches up in bounded steps after a month, with one notice each', async () => {
    const to = await room.operator();
    const digest = await scheduled('*/10 * * * *', { lateLimitMinutes: 0 });
    for (const [tick, count] of [200, 400, 432].entries()) {
      await room.tickAt(`2027-01-08T09:00:0${tick}Z`);
      expect(await slotsOf(digest)).toHaveLength(count);
    }
    const mails = await database.db.select().from(outboxMail).where(eq(outboxMail.address, to));
    expect(mails).toHaveLength(3);
    const statuses = (await slotsOf(digest)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'fired')).toHaveLength(1);
    expect(statuses.at(-1)).toBe('fired');
  }, 60_000);

  it('stands clocks that jump forth and back', async () => {
    const digest = await scheduled('0 10 * * *');
    await room.tickAt('2027-01-06T10:00:30Z');
    const before = await timesOf(digest);
    expect(before).toEqual(['2027-01-05T10:00:00.000Z', '2027-01-06T10:00:00.000Z']);
    for (const day of ['05', '06']) await room.tickAt(`2027-01-${day}T10:00:00Z`);
    expect(await timesOf(digest)).toEqual(before);
    await room.tickAt('2027-01-07T10:00:00Z');
    expect(await timesOf(digest)).toEqual([...before, '2027-01-07T10:00:00.000Z']);
    expect(await editionsOf(digest)).toHaveLength(2); // one was held
  });

  it('has one that a crash cut off done by the next tick', async () => {
    const digest = await scheduled('0 10 * * *');
    const crash = jest
      .spyOn(EditionRepository.prototype, 'insertWithFreeSlug')
      .mockRejectedValueOnce(new Error('the power went out'));
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(crash).toHaveBeenCalledTimes(1);
    expect(await slotsOf(digest)).toEqual([]);
    expect(await editionsOf(digest)).toEqual([]);
    await room.tickAt('2027-01-05T10:01:00Z');
    await room.tickAt('2027-01-05T10:02:00Z');
    expect(await editionsOf(digest)).toHaveLength(1);
  });

  it('does not let a digest that fails keep another from firing', async () => {
    const [bad, good] = [await scheduled('0 10 * * *'), await scheduled('0 10 * * *')];
    await database.db.update(digestTable).set({ cron: 'nonsense' }).where(eq(digestTable.id, bad.id));
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(await slotsOf(good)).toHaveLength(1);
  });

  it('is fired once by two whose clocks differ', async () => {
    const other = await Newsroom.open(database);
    const digest = await scheduled('*/5 * * * *', {}, { timeZone: 'Europe/Berlin' });
    const start = Date.parse('2027-01-05T09:00:00Z');
    for (let minute = 0; minute < 40; minute += 1) {
      room.clock.set(new Date(start + minute * MINUTE));
      other.clock.set(new Date(start + (minute + (minute % 3 === 0 ? 7 : -3)) * MINUTE));
      await Promise.all([room.slotTick.run(), other.slotTick.run(), room.slotTick.run()]);
    }
    const fired = await slotsOf(digest);
    const times = fired.map(({ at }) => (at.getTime() - start) / MINUTE);
    expect(times).toEqual([...new Set(times)]);
    expect(times).toEqual(times.map((_, index) => 5 * (index + 1)));
    expect(times.length).toBeGreaterThanOrEqual(7);
    expect(fired.every(({ status }) => status === 'fired')).toBe(true);
    expect(await editionsOf(digest)).toHaveLength(fired.length);
  }, 60_000);

  if (kind === 'postgres') {
    it('waits for nobody who holds the digest', async () => {
      const digest = await scheduled('0 10 * * *');
      room.clock.set('2027-01-05T10:00:00Z');
      await database.transaction(async (tx) => {
        await tx.select().from(digestTable).where(eq(digestTable.id, digest.id)).for('update');
        await room.slotTick.run();
        expect(await slotsOf(digest)).toEqual([]);
      });
      await room.slotTick.run();
      expect(await slotsOf(digest)).toHaveLength(1);
    });
  }

  it.each<[string, string, string, string[], string[]]>([
    [
      'a gap at the next valid time',
      '2027-03-27T12:00:00Z',
      '30 2 * * *',
      ['2027-03-28T00:59:30Z', '2027-03-28T01:00:10Z', '2027-03-28T01:30:10Z', '2027-03-29T00:30:10Z'],
      ['2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z'],
    ],
    [
      'an overlap once',
      '2027-10-30T12:00:00Z',
      '30 2 * * *',
      ['2027-10-31T00:30:10Z', '2027-10-31T01:30:10Z', '2027-11-01T01:30:10Z'],
      ['2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z'],
    ],
  ])('fires in %s', async (_name, start, cron, ticks, expected) => {
    room.clock.set(start);
    const digest = await scheduled(cron, {}, { timeZone: 'Europe/Berlin' });
    for (const tick of ticks) await room.tickAt(tick);
    expect(await timesOf(digest)).toEqual(expected);
    expect((await slotsOf(digest)).every(({ status }) => status === 'fired')).toBe(true);
  });

  describe("of the readers' local time", () => {
    it('opens when the first of them may be due, and is not missed before their day is over', async () => {
      const digest = await scheduled('0 7 * * *', { lateLimitMinutes: 60 }, { readerLocal: true });
      // Set at nine on the 5th: the 6th opens at 00:00 in Kiritimati, 10:00 UTC.
      expect(digest.nextAt).toEqual(new Date('2027-01-06T07:00:00Z'));
      await room.tickAt('2027-01-05T09:59:00Z');
      expect(await slotsOf(digest)).toEqual([]);
      await room.tickAt('2027-01-05T10:00:00Z');
      const [first] = await slotsOf(digest);
      expect(first).toMatchObject({
        at: new Date('2027-01-06T07:00:00Z'),
        local: true,
        status: 'fired',
        previousAt: new Date('2027-01-05T07:00:00Z'),
      });
      expect((await editionsOf(digest))[0]).toMatchObject({
        slug: `${digest.slug}-2027-01-06`,
        nextWaveAt: new Date('2027-01-05T10:00:00Z'),
      });
      // Down until the 8th at 12:30 UTC: the 7th ended everywhere at 12:00 of the 8th.
      await room.tickAt('2027-01-08T12:30:00Z');
      expect((await slotsOf(digest)).map(({ at, status }) => [at.getUTCDate(), status])).toEqual([
        [6, 'fired'],
        [7, 'fired'],
        [8, 'fired'],
        [9, 'fired'],
      ]);
      await room.tickAt('2027-01-12T14:00:00Z');
      expect((await slotsOf(digest)).slice(4).map(({ status }) => status)).toEqual([
        'held',
        'held',
        'fired',
        'fired',
      ]);
    });

    it('changes its notation with its schedule', async () => {
      const digest = await scheduled('0 7 * * *', {}, { readerLocal: true });
      await room.tickAt('2027-01-05T10:00:00Z');
      await room.digests.patch(digest.id, { schedule: { cron: '0 7 * * *', timeZone: 'UTC' } });
      await room.tickAt('2027-01-06T07:00:00Z');
      expect((await slotsOf(digest)).map(({ at, local }) => [at.toISOString(), local]).sort()).toEqual([
        ['2027-01-06T07:00:00.000Z', false],
        ['2027-01-06T07:00:00.000Z', true],
      ]);
    });
  });

  describe('that are held', () => {
    const held = async (overrides = {}) => {
      const digest = await scheduled('0 10 * * *', { lateLimitMinutes: 0, ...overrides });
      await room.tickAt('2027-01-05T12:00:00Z');
      room.queue.jobs.length = 0;
      const page = await room.slots.list({ status: 'held' });
      const { id } = page.data.find(({ digestId }) => digestId === digest.id)!;
      return { digest, id };
    };

    it('are fired now by an operator, once', async () => {
      const { digest, id } = await held();
      const sent = await room.slots.send(id);
      expect(sent).toMatchObject({ status: 'fired', at: '2027-01-05T10:00:00.000Z', reason: null });
      const [made] = await editionsOf(digest);
      expect(made).toMatchObject({ id: sent.editionId, status: 'preparing', slotId: id, selection: 'auto' });
      expect(room.queue.jobs).toEqual([{ name: 'edition.prepare', payload: { editionId: made!.id } }]);
      await expect(room.slots.send(id)).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: 'fired' },
      });
      await expect(room.slots.skip(id)).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: 'fired' },
      });
    });

    it('wait for nobody once their digest is archived', async () => {
      const { digest, id } = await held();
      await room.editions.createDraft(digest.id);
      await room.digests.remove(digest.id);
      const [slot] = await slotsOf(digest);
      expect(slot).toMatchObject({ id, status: 'skipped', reason: 'The digest was ended.' });
      expect((await room.slots.list({ status: 'held' })).data.map((one) => one.id)).not.toContain(id);
    });

    it('are skipped by an operator', async () => {
      const { digest, id } = await held();
      expect(await room.slots.skip(id)).toMatchObject({ status: 'skipped' });
      await expect(room.slots.send(id)).rejects.toMatchObject({ extra: { state: 'skipped' } });
      expect(await editionsOf(digest)).toEqual([]);
      await room.tickAt('2027-01-05T12:01:00Z');
      expect(await slotsOf(digest)).toHaveLength(1);
    });

    it('are decided once by two at once', async () => {
      const { digest, id } = await held();
      const answers = await Promise.allSettled([
        room.slots.send(id),
        room.slots.send(id),
        room.slots.skip(id),
        room.slots.send(id),
      ]);
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await editionsOf(digest)).length).toBeLessThanOrEqual(1);
    });

    it('are listed in pages', async () => {
      const digest = await scheduled('* * * * *', { lateLimitMinutes: 0 });
      await room.tickAt('2027-01-05T09:30:00Z');
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await room.slots.list({ status: 'held', limit: 7, ...(cursor ? { cursor } : {}) });
        seen.push(...page.data.filter(({ digestId }) => digestId === digest.id).map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(27);
    });

    it('are not of an archived digest, nor unknown', async () => {
      const { digest, id } = await held();
      await database.db
        .update(digestTable)
        .set({ archivedAt: new Date() })
        .where(eq(digestTable.id, digest.id));
      await expect(room.slots.send(id)).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: 'archived' },
      });
      await expect(room.slots.send(digest.id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(room.slots.skip('x')).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('in the calendar', () => {
    it('are what was and what is to come', async () => {
      const digest = await scheduled('0 10 * * *', { lateLimitMinutes: 0 });
      await room.tickAt('2027-01-06T10:00:00Z');
      const { data, truncated } = await room.calendar.list({
        from: '2027-01-05T00:00:00Z',
        to: '2027-01-09T00:00:00Z',
        digestId: digest.id,
      });
      expect(truncated).toBe(false);
      expect(data.map(({ at, status }) => [at, status])).toEqual([
        ['2027-01-05T10:00:00.000Z', 'held'],
        ['2027-01-06T10:00:00.000Z', 'fired'],
        ['2027-01-07T10:00:00.000Z', 'planned'],
        ['2027-01-08T10:00:00.000Z', 'planned'],
      ]);
      expect(data[2]).toMatchObject({ slotId: null, editionId: null, local: false });
      expect((await room.digests.get(digest.id)).nextAt).toEqual(new Date('2027-01-06T10:00:00Z'));
    });

    it('stand beside the editions to which somebody gave a time', async () => {
      const digest = await scheduled('0 10 * * *');
      const { id: articleId } = await room.article();
      const drafted = async (sendAt: string) =>
        (await room.editions.createDraft(digest.id, { articleIds: [articleId], sendAt })).id;
      const first = await drafted('2027-01-06T18:00:00Z');
      const second = await drafted('2027-01-07T08:00:00Z');
      const dropped = await drafted('2027-01-07T09:00:00Z');
      await drafted('2027-01-07T11:00:00Z'); // a draft that remembers a time is not scheduled
      for (const id of [first, second, dropped]) await room.editions.schedule(id, {});
      await room.editions.cancel(dropped);
      const list = async (query = {}) =>
        (
          await room.calendar.list({
            from: '2027-01-06T11:00:00Z',
            to: '2027-01-08T00:00:00Z',
            digestId: digest.id,
            ...query,
          })
        ).data.map(({ at, status, editionId }) => [at, status, editionId]);
      const planned = ['2027-01-07T10:00:00.000Z', 'planned', null];
      expect(await list()).toEqual([
        ['2027-01-06T18:00:00.000Z', 'scheduled', first],
        ['2027-01-07T08:00:00.000Z', 'scheduled', second],
        planned,
      ]);
      expect(await list({ from: '2027-01-06T18:00:00.001Z' })).toHaveLength(2);
      await room.editions.startDue(new Date('2027-01-06T18:00:00Z'));
      expect((await list())[0]).toEqual(['2027-01-06T18:00:00.000Z', 'fired', first]);
      const other = await scheduled('0 10 * * *');
      expect(await list({ digestId: other.id })).toEqual([planned]);
    });

    it("have the wall clock of readers' local time", async () => {
      const digest = await scheduled('0 7 * * MON', {}, { readerLocal: true });
      const { data } = await room.calendar.list({ digestId: digest.id });
      expect(data[0]).toEqual({
        at: '2027-01-11T07:00:00',
        local: true,
        status: 'planned',
        slotId: null,
        editionId: null,
        digestId: digest.id,
        opensAt: new Date('2027-01-10T10:00:00Z'),
        closesAt: new Date('2027-01-12T11:59:59.999Z'),
      });
      expect(data).toHaveLength(4);
    });

    it('are cut after a thousand, which is said', async () => {
      const digest = await scheduled('* * * * *');
      const { data, truncated } = await room.calendar.list({ digestId: digest.id });
      expect(data).toHaveLength(1_000);
      expect(truncated).toBe(true);
    });

    it('are asked for within a year', async () => {
      const from = '2027-01-01T00:00:00Z';
      for (const query of [
        { from, to: from },
        { from, to: '2028-01-03T00:00:00Z' },
        { from: '9999-12-31T12:00:00Z' },
      ]) {
        await expect(room.calendar.list(query)).rejects.toMatchObject({ errors: [{ field: 'to' }] });
      }
      await expect(room.calendar.list({ from: '9999-12-20T00:00:00Z' })).resolves.toBeTruthy();
      await expect(room.calendar.list({ from: 'soon' })).rejects.toMatchObject({
        errors: [{ field: 'from' }],
      });
      await expect(room.calendar.list({ digestId: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    });
  });
});
