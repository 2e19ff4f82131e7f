import { asc, eq } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { digest as digestTable, edition, outboxMail, slot } from '#database/schema/index.js';
import type { Digest } from '#digest/operator/digest.service.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { NoticeContent } from '#digest/clock/notice-content.js';
import { onEachDatabase } from './../support/databases.js';
import { Newsroom } from './digest.harness.js';

onEachDatabase('approval', (open) => {
  let database: Database;
  let room: Newsroom;
  beforeAll(async () => {
    database = await open();
    room = await Newsroom.open(database);
  });
  beforeEach(async () => {
    // What earlier tests left waiting is none of this one's.
    await database.db.update(digestTable).set({ cron: null });
    await database.db.update(slot).set({ status: 'skipped' }).where(eq(slot.status, 'open'));
    room.clock.set('2027-01-05T06:00:00Z');
  });

  const schedule = { cron: '0 10 * * *', timeZone: 'UTC' };
  const wanting = (overrides: Record<string, unknown> = {}) =>
    room.digests.create({ name: 'Brief', schedule, approval: { minutes: 60 }, ...overrides });
  const slotOf = async ({ id }: Digest) => {
    const rows = await database.db.select().from(slot).where(eq(slot.digestId, id)).orderBy(asc(slot.at));
    return rows[0]!;
  };
  const editionOf = async ({ id }: Digest) => {
    const rows = await database.db
      .select()
      .from(edition)
      .where(eq(edition.digestId, id))
      .orderBy(asc(edition.id));
    return rows[0]!;
  };
  /** A digest whose draft of ten o'clock waits since nine, with an article in it. */
  const waiting = async (overrides: Record<string, unknown> = {}) => {
    room.clock.set('2027-01-05T06:00:00Z');
    const story = await room.article();
    const digest = await wanting(overrides);
    await room.tickAt('2027-01-05T09:00:20Z');
    const draft = await editionOf(digest);
    room.queue.jobs.length = 0;
    room.clock.advance(1_000);
    return { digest, story, id: draft.id };
  };

  /** Whom the mails about an edition go to. */
  const mailsAbout = async (editionId: string) => {
    const mails = await database.db.select().from(outboxMail).where(eq(outboxMail.editionId, editionId));
    return mails.map(({ address }) => address);
  };

  it('drafts what would go, so long before its time, and asks owners and editors', async () => {
    const [owner, viewer] = [await room.operator('owner'), await room.operator('analyst')];
    const [first, second] = [await room.article(), await room.article()];
    const coming = await room.article({ embargoUntil: '2027-01-05T09:30:00Z' });
    const excluded = await room.article();
    const digest = await wanting({
      excluded: [excluded.id],
      pinned: [first.id],
      approval: { minutes: 60, otherwise: 'send' },
    });
    await room.tickAt('2027-01-05T08:59:59Z');
    expect(await slotOf(digest)).toBeUndefined();
    await room.tickAt('2027-01-05T09:00:20Z');
    await room.tickAt('2027-01-05T09:01:20Z');
    const [made, draft] = [await slotOf(digest), await editionOf(digest)];
    expect(made).toMatchObject({ status: 'open', at: new Date('2027-01-05T10:00:00Z'), editionId: draft.id });
    expect(draft).toMatchObject({
      status: 'draft',
      selection: 'list',
      approval: 'waiting',
      slotId: made.id,
      nextWaveAt: null,
      sendAt: made.at,
      slug: `${digest.slug}-2027-01-05`,
    });
    const { articleIds } = await room.editions.get(draft.id);
    expect(articleIds[0]).toBe(first.id);
    expect(articleIds).toEqual(expect.arrayContaining([second.id, coming.id]));
    expect(articleIds).not.toContain(excluded.id);
    expect((await room.digests.get(digest.id)).nextAt).toEqual(made.at);

    const mails = await database.db.select().from(outboxMail).where(eq(outboxMail.editionId, draft.id));
    expect(mails.map(({ address, kind }) => [address, kind])).toEqual([[owner, 'approval-wanted']]);
    expect(mails[0]!.payload).toEqual({ digestId: digest.id, slotId: made.id });
    expect(room.queue.jobs).toContainEqual({ name: 'mail.send', payload: { mailId: mails[0]!.id } });
    const notice = await room
      .get(NoticeContent)
      .of(await room.get(PublicationService).current(), 'approval-wanted', mails[0]!);
    expect(notice).toMatchObject({
      digestName: 'Brief',
      otherwise: 'send',
      at: expect.stringMatching(/January 5, 2027.*10:00/) as string,
      actionUrl: expect.stringMatching(new RegExp(`^https?://.*/admin/editions/${draft.id}$`)) as string,
    });
    expect(notice.titles[0]).toBe(first.title);
    expect((await database.db.select().from(outboxMail).where(eq(outboxMail.address, viewer))).length).toBe(
      0,
    );
  });

  it('goes out at its time when somebody said yes', async () => {
    const { digest, id } = await waiting();
    room.clock.set('2027-01-05T09:30:00Z');
    expect(await room.approvals.approve(id)).toMatchObject({ status: 'draft', approval: 'approved' });
    await expect(room.approvals.approve(id)).rejects.toMatchObject({ extra: { state: 'approved' } });
    await room.tickAt('2027-01-05T09:59:59Z');
    expect(await editionOf(digest)).toMatchObject({ status: 'draft' });
    expect(room.queue.jobs).toEqual([]);
    await room.tickAt('2027-01-05T10:00:10Z');
    await room.tickAt('2027-01-05T10:01:10Z');
    expect(await slotOf(digest)).toMatchObject({
      status: 'fired',
      decidedAt: new Date('2027-01-05T10:00:10Z'),
    });
    expect(await editionOf(digest)).toMatchObject({
      status: 'preparing',
      approvedAt: new Date('2027-01-05T09:30:00Z'),
      nextWaveAt: new Date('2027-01-05T10:00:00Z'),
      startedAt: new Date('2027-01-05T10:00:10Z'),
    });
    expect(room.queue.jobs).toEqual([{ name: 'edition.prepare', payload: { editionId: id } }]);
  });

  it('is skipped when nobody answered, or sent, as the digest says', async () => {
    const skipping = await waiting();
    const sending = await waiting({ approval: { minutes: 60, otherwise: 'send' } });
    const dropped = await waiting();
    await room.digests.patch(dropped.digest.id, { approval: null });
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(await slotOf(skipping.digest)).toMatchObject({
      status: 'skipped',
      reason: 'Nobody had approved it by its time.',
    });
    expect(await editionOf(skipping.digest)).toMatchObject({
      status: 'cancelled',
      statusReason: 'Nobody had approved it by its time.',
      approval: 'waiting',
      finishedAt: room.clock.now(),
    });
    for (const { digest } of [sending, dropped]) {
      expect(await slotOf(digest)).toMatchObject({ status: 'fired' });
      expect(await editionOf(digest)).toMatchObject({ status: 'preparing' });
    }
    await expect(room.approvals.approve(skipping.id)).rejects.toMatchObject({
      extra: { state: 'cancelled' },
    });
  });

  it('does not go out when somebody said no, before or after a yes', async () => {
    for (const approved of [false, true]) {
      const { digest, id } = await waiting({ approval: { minutes: 60, otherwise: 'send' } });
      if (approved) await room.approvals.approve(id);
      expect(await room.approvals.decline(id)).toMatchObject({ status: 'cancelled', approval: 'declined' });
      await expect(room.approvals.decline(id)).rejects.toMatchObject({ code: 'wrong_state' });
      await room.tickAt('2027-01-05T10:00:00Z');
      expect(await slotOf(digest)).toMatchObject({ status: 'skipped', reason: 'It was declined.' });
      expect(await editionOf(digest)).toMatchObject({ status: 'cancelled' });
    }
  });

  it('goes out at once when the yes comes after its time, while nothing has decided', async () => {
    const { digest, id } = await waiting();
    room.clock.set('2027-01-05T10:00:30Z');
    expect(await room.approvals.approve(id)).toMatchObject({ status: 'preparing', approval: 'approved' });
    expect(await slotOf(digest)).toMatchObject({ status: 'fired' });
    expect(room.queue.jobs).toEqual([{ name: 'edition.prepare', payload: { editionId: id } }]);
    await room.slotTick.run();
    expect(room.queue.jobs).toHaveLength(1);
  });

  it('is decided once when the yes, the no and the clock come together', async () => {
    const { digest, id } = await waiting();
    room.clock.set('2027-01-05T10:00:30Z');
    const answers = await Promise.allSettled([
      room.approvals.approve(id),
      room.approvals.decline(id),
      room.slotTick.run(),
      room.slots.skip((await slotOf(digest)).id),
    ]);
    const [yes, no, , skip] = answers.map(({ status }) => status === 'fulfilled');
    expect([yes, no, skip].filter(Boolean).length).toBeLessThanOrEqual(1);
    const { status } = await slotOf(digest);
    expect((await editionOf(digest)).status).toBe(status === 'fired' ? 'preparing' : 'cancelled');
    expect(status === 'fired').toBe(yes);
  });

  it('takes changes while it waits, but no other time', async () => {
    const { id, story } = await waiting();
    const other = await room.article();
    const patched = await room.editions.patch(id, { articleIds: [other.id, story.id], subject: 'Mine' });
    expect(patched).toMatchObject({ articleIds: [other.id, story.id], subject: 'Mine', approval: 'waiting' });
    expect((await room.previews.preview(id, { format: 'text' })).body).toContain(other.title);
    const refusal = { code: 'wrong_state', extra: { state: 'draft' } };
    await expect(room.editions.patch(id, { sendAt: '2027-02-01T00:00:00Z' })).rejects.toMatchObject(refusal);
    await expect(room.editions.schedule(id, { sendAt: '2027-02-01T00:00:00Z' })).rejects.toMatchObject(
      refusal,
    );
    await room.editions.patch(id, { articleIds: [] });
    await expect(room.approvals.approve(id)).rejects.toMatchObject({ errors: [{ field: 'articleIds' }] });
    expect(await room.editions.get(id)).toMatchObject({ status: 'draft', approval: 'waiting' });
  });

  it('is not sent without a story, whatever was said', async () => {
    const { digest, id } = await waiting({ approval: { minutes: 60, otherwise: 'send' } });
    await room.editions.patch(id, { articleIds: [] });
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(await slotOf(digest)).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('Too few') as string,
    });
    expect(await editionOf(digest)).toMatchObject({ status: 'cancelled' });
  });

  it('asks nobody about a draft without stories, which waits for some until its time', async () => {
    await room.operator('owner');
    const digest = await wanting({ topics: [await room.topic('void')] });
    await room.tickAt('2027-01-05T09:00:20Z');
    const draft = await editionOf(digest);
    expect(draft).toMatchObject({ status: 'draft', approval: 'waiting' });
    expect(await mailsAbout(draft.id)).toEqual([]);
    await room.editions.patch(draft.id, { articleIds: [(await room.article()).id] });
    expect(await room.approvals.approve(draft.id)).toMatchObject({ approval: 'approved' });
  });

  it('takes what comes into a draft that was made without stories, and asks then, once', async () => {
    const owner = await room.operator('owner');
    const topic = await room.topic('slow');
    const digest = await wanting({ topics: [topic] });
    await room.tickAt('2027-01-05T09:00:20Z');
    const story = await room.article({ topics: [topic] });
    await room.tickAt('2027-01-05T09:10:00Z');
    await room.article({ topics: [topic] });
    await room.tickAt('2027-01-05T09:20:00Z');
    const draft = await editionOf(digest);
    expect((await room.editions.get(draft.id)).articleIds).toEqual([story.id]);
    expect((await mailsAbout(draft.id)).filter((address) => address === owner)).toEqual([owner]);
  });

  it('takes what comes in the last minute too, but asks nobody about it any more', async () => {
    await room.operator('owner');
    const topic = await room.topic('last');
    const digest = await wanting({ topics: [topic], approval: { minutes: 60, otherwise: 'send' } });
    await room.tickAt('2027-01-05T09:00:20Z');
    room.clock.set('2027-01-05T09:58:30Z');
    const story = await room.article({ topics: [topic] });
    await room.tickAt('2027-01-05T10:00:00Z');
    const edition = await editionOf(digest);
    expect(edition).toMatchObject({ status: 'preparing' });
    expect((await room.editions.get(edition.id)).articleIds).toEqual([story.id]);
    expect(await mailsAbout(edition.id)).toEqual([]);
  });

  it('puts nothing into a draft that somebody emptied', async () => {
    const topic = await room.topic('bare');
    const story = await room.article({ topics: [topic] });
    const digest = await wanting({ topics: [topic] });
    await room.tickAt('2027-01-05T09:00:20Z');
    const { id } = await editionOf(digest);
    expect((await room.editions.get(id)).articleIds).toEqual([story.id]);
    room.clock.advance(1_000);
    await room.editions.patch(id, { articleIds: [] });
    await room.tickAt('2027-01-05T09:10:00Z');
    expect((await room.editions.get(id)).articleIds).toEqual([]);
  });

  it("does not send the operator's text when all its stories were taken back", async () => {
    const topic = await room.topic('wrong');
    const story = await room.article({ topics: [topic] });
    const digest = await wanting({ whenEmpty: 'send', emptyText: 'A quiet day.', topics: [topic] });
    await room.tickAt('2027-01-05T09:00:20Z');
    await room.approvals.approve((await editionOf(digest)).id);
    await room.articles.retract(room.publicationId, story.id);
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(await slotOf(digest)).toMatchObject({ status: 'skipped' });
  });

  it('is cancelled when it was held and its digest ends', async () => {
    const { digest, id } = await waiting({ lateLimitMinutes: 0 });
    await room.approvals.approve(id);
    await room.tickAt('2027-01-05T12:00:00Z');
    expect(await slotOf(digest)).toMatchObject({ status: 'held', editionId: id });
    await room.digests.remove(digest.id);
    expect(await slotOf(digest)).toMatchObject({ status: 'skipped' });
    expect(await editionOf(digest)).toMatchObject({ status: 'cancelled', approval: 'declined' });
  });

  it("goes out with the operator's text when nothing is new and the digest says so", async () => {
    const owner = await room.operator('owner');
    const digest = await wanting({
      whenEmpty: 'send',
      emptyText: 'A quiet day.',
      topics: [await room.topic('quiet')],
    });
    await room.reader([digest.id]);
    await room.tickAt('2027-01-05T09:00:20Z');
    const draft = await editionOf(digest);
    expect(await mailsAbout(draft.id)).toContain(owner);
    expect((await room.previews.preview(draft.id, { format: 'text' })).body).toContain('A quiet day.');
    await room.approvals.approve(draft.id);
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(await slotOf(digest)).toMatchObject({ status: 'fired' });
    expect(await room.freeze(draft.id)).toMatchObject({
      readers: 1,
      articleIds: [],
      nextAt: null,
      variants: [{ articleIds: [], more: false }],
    });
  });

  it('is sent now by an order to send: before its time to everybody, after it as its slot', async () => {
    const early = await waiting();
    expect(await room.editions.requestSend(early.id)).toMatchObject({
      status: 'preparing',
      approval: 'approved',
      slotId: null,
    });
    expect(await slotOf(early.digest)).toMatchObject({ status: 'fired', editionId: early.id });
    const late = await waiting();
    room.clock.set('2027-01-05T10:00:20Z');
    const sent = await room.editions.requestSend(late.id);
    expect(sent).toMatchObject({ status: 'preparing', nextWaveAt: new Date('2027-01-05T10:00:00Z') });
    expect(sent.slotId).toBe((await slotOf(late.digest)).id);
    await room.slotTick.run();
    expect(await slotOf(late.digest)).toMatchObject({ status: 'fired' });
  });

  it('is declined by a cancellation, and by skipping its slot', async () => {
    const one = await waiting();
    expect(await room.editions.cancel(one.id)).toMatchObject({ status: 'cancelled', approval: 'declined' });
    expect(await slotOf(one.digest)).toMatchObject({ status: 'skipped' });
    const two = await waiting();
    await room.slots.skip((await slotOf(two.digest)).id);
    expect(await room.editions.get(two.id)).toMatchObject({ status: 'cancelled', approval: 'declined' });
    await expect(room.slots.send((await slotOf(two.digest)).id)).rejects.toMatchObject({
      code: 'wrong_state',
    });
  });

  it('gives operators their minutes when nobody could be asked before its time', async () => {
    await room.article();
    const digest = await wanting({ lateLimitMinutes: 240 });
    await room.tickAt('2027-01-05T12:00:00Z');
    expect(await slotOf(digest)).toMatchObject({ status: 'open' });
    expect(await editionOf(digest)).toMatchObject({
      sendAt: new Date('2027-01-05T13:00:00Z'),
      approval: 'waiting',
    });
    await room.approvals.approve((await editionOf(digest)).id);
    await room.tickAt('2027-01-05T13:00:00Z');
    expect(await editionOf(digest)).toMatchObject({ status: 'preparing' });
  });

  it('is held when its time passed long ago, with its draft, which an operator may still send', async () => {
    const to = await room.operator('editor');
    const { digest, id } = await waiting({ lateLimitMinutes: 30 });
    await room.approvals.approve(id);
    await room.tickAt('2027-01-05T10:31:00Z');
    const held = await slotOf(digest);
    expect(held).toMatchObject({ status: 'held', editionId: id });
    expect(await editionOf(digest)).toMatchObject({ status: 'draft' });
    const mails = await database.db.select().from(outboxMail).where(eq(outboxMail.address, to));
    expect(mails.map(({ kind }) => kind)).toContain('slot-held');
    expect(await room.slots.send(held.id)).toMatchObject({ status: 'fired', editionId: id });
    expect(await editionOf(digest)).toMatchObject({ status: 'preparing', slotId: held.id });
  });

  it('is withdrawn when the schedule changes, and comes again when the time does', async () => {
    const { digest, id } = await waiting();
    await room.digests.patch(digest.id, { schedule: { cron: '0 10 * * MON-SUN', timeZone: 'UTC' } });
    expect(await room.editions.get(id)).toMatchObject({ status: 'draft' }); // the same time is in it
    await room.digests.patch(digest.id, { schedule: { cron: '0 11 * * *', timeZone: 'UTC' } });
    expect(await room.editions.get(id)).toMatchObject({ status: 'cancelled', slotId: null });
    expect(await slotOf(digest)).toBeUndefined();
    await room.digests.patch(digest.id, { schedule });
    await room.tickAt('2027-01-05T09:20:00Z');
    expect(await slotOf(digest)).toMatchObject({ status: 'open', at: new Date('2027-01-05T10:00:00Z') });
    await room.digests.remove(digest.id);
    expect(await slotOf(digest)).toBeUndefined();
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(room.queue.jobs.filter(({ name }) => name === 'edition.prepare')).toEqual([]);
  });

  it("keeps its waves when it is of the readers' local time", async () => {
    await room.article();
    const digest = await wanting({ schedule: { cron: '0 7 * * *', readerLocal: true } });
    await room.tickAt('2027-01-05T09:00:00Z'); // the 6th opens at 10:00
    const draft = await editionOf(digest);
    expect(draft).toMatchObject({ approval: 'waiting', sendAt: new Date('2027-01-05T10:00:00Z') });
    await room.approvals.approve(draft.id);
    await room.tickAt('2027-01-05T10:00:00Z');
    expect(await editionOf(digest)).toMatchObject({
      status: 'preparing',
      selection: 'list',
      nextWaveAt: new Date('2027-01-05T10:00:00Z'),
      slotId: (await slotOf(digest)).id,
    });
  });

  it('is nothing that other editions want', async () => {
    const { digest } = await waiting();
    const { id } = await room.editions.createDraft(digest.id);
    await expect(room.approvals.approve(id)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(room.approvals.decline(id)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(room.approvals.approve('x')).rejects.toMatchObject({ code: 'not_found' });
  });
});
