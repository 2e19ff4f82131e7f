import { eq } from 'drizzle-orm';
import { delivery, DELIVERY_STATUSES, edition, type EditionStatus } from '#database/schema/index.js';
import type { Digest } from '#digest/operator/digest.service.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from './../support/databases.js';
import { Newsroom } from './digest.harness.js';

const HOUR = 3_600_000;

onEachDatabase('editions', (open) => {
  let room: Newsroom;
  let digest: Digest;
  beforeAll(async () => {
    room = await Newsroom.open(await open());
  });
  beforeEach(async () => {
    digest = await room.digests.create({ name: 'The Morning Brief', maxArticles: 3 });
    room.queue.jobs.length = 0;
  });

  const inHours = (hours: number) => new Date(room.clock.now().getTime() + hours * HOUR).toISOString();
  const force = (id: string, status: EditionStatus, batches = 0) =>
    room.database.db.update(edition).set({ status, batches }).where(eq(edition.id, id));

  describe('a draft', () => {
    it('takes the newest articles that the digest has not sent', async () => {
      const [old, middle, fresh] = [await room.article(), await room.article(), await room.article()];
      const retracted = await room.article();
      await room.articles.retract(room.publicationId, retracted.id);
      await room.article({ embargoUntil: inHours(1) });
      const first = await room.editions.createDraft(digest.id);
      expect(first).toMatchObject({
        status: 'draft',
        digestId: digest.id,
        articleIds: [fresh.id, middle.id, old.id],
        subject: null,
        sendAt: null,
        counts: { recipients: 0, queued: 0, accepted: 0 },
      });
      expect(first.slug).toBe(`${digest.slug}-2027-01-05`);
      expect((await room.editions.createDraft(digest.id)).articleIds).toEqual(first.articleIds);
      await room.editions.requestSend(first.id);
      const newest = await room.article();
      const next = await room.editions.createDraft(digest.id);
      expect(next.articleIds[0]).toBe(newest.id);
      expect(next.articleIds).not.toContain(fresh.id);
      expect(next.slug).toBe(`${digest.slug}-2027-01-05-3`);
      const other = await room.digests.create({ name: 'Other' });
      expect((await room.editions.createDraft(other.id)).articleIds).toContain(fresh.id);
      await room.editions.cancel(first.id);
    });

    it("takes only its digest's topics", async () => {
      const topicId = await room.topic(`topic-${newId().slice(-6)}`);
      const narrow = await room.digests.create({ name: 'Narrow', topics: [topicId] });
      await room.article();
      const fitting = await room.article({ topics: [topicId] });
      expect((await room.editions.createDraft(narrow.id)).articleIds).toEqual([fitting.id]);
    });

    it("takes news in its digest's order, without what it leaves out, and then what is old, the newest first", async () => {
      const topicId = await room.topic(`topic-${newId().slice(-6)}`);
      const story = (overrides = {}) => room.article({ topics: [topicId], ...overrides });
      const older = await story({ publishedAt: '2026-03-01T00:00:00Z', priority: 90 });
      const old = await story({ publishedAt: '2026-04-01T00:00:00Z' });
      const [first, urgent, out] = [await story(), await story({ priority: 5 }), await story()];
      const latest = await story();
      const settings = { name: 'Mixed', topics: [topicId], excluded: [out.id], lookbackDays: 14 };
      const all = await room.digests.create(settings);
      expect((await room.editions.createDraft(all.id)).articleIds).toEqual(
        [urgent, latest, first, old, older].map(({ id }) => id),
      );
      const few = await room.digests.create({ ...settings, name: 'Few', maxArticles: 2 });
      expect((await room.editions.createDraft(few.id)).articleIds).toEqual([urgent.id, latest.id]);
    });

    it('takes the articles given, in their order', async () => {
      const [a, b] = [await room.article(), await room.article()];
      const { articleIds } = await room.editions.createDraft(digest.id, { articleIds: [b.id, a.id] });
      expect(articleIds).toEqual([b.id, a.id]);
      expect((await room.editions.createDraft(digest.id, { articleIds: [] })).articleIds).toEqual([]);
    });

    it('names what is wrong', async () => {
      const { id } = await room.article();
      const gone = await room.article();
      await room.articles.retract(room.publicationId, gone.id);
      await expect(
        room.editions.createDraft(digest.id, { articleIds: [id, newId(), 'x', gone.id] }),
      ).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [
          { field: 'articleIds.1', code: 'unknown' },
          { field: 'articleIds.2', code: 'unknown' },
          { field: 'articleIds.3', code: 'retracted' },
        ],
      });
      const wrong: [object, string][] = [
        [{ subject: '{{ articles[0]' }, 'subject'],
        [{ articleIds: [id], subject: '{{ articles[1].title }}' }, 'subject'],
        [{ sendAt: '2020-01-01T00:00:00Z' }, 'sendAt'],
        [{ status: 'sent' }, 'status'],
      ];
      for (const [input, field] of wrong) {
        await expect(room.editions.createDraft(digest.id, input)).rejects.toMatchObject({
          errors: [{ field }],
        });
      }
      await expect(room.editions.createDraft(newId())).rejects.toMatchObject({ code: 'not_found' });
      await expect(room.editions.createDraft('x')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('remembers a time and stays a draft', async () => {
      await room.article();
      const sendAt = inHours(40);
      const draft = await room.editions.createDraft(digest.id, { sendAt });
      expect(draft).toMatchObject({ status: 'draft', sendAt: new Date(sendAt) });
      expect(draft.slug).toContain('2027-01-07');
      room.clock.set(sendAt);
      expect(await room.editions.startDue()).toEqual([]);
      room.clock.advance(-40 * HOUR);
    });

    it('gets a slug of its own when many are made at once', async () => {
      const made = await Promise.all(Array.from({ length: 6 }, () => room.editions.createDraft(digest.id)));
      expect(new Set(made.map(({ slug }) => slug)).size).toBe(6);
    });

    it('can be changed until it is under way', async () => {
      const [a, b] = [await room.article(), await room.article()];
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [a.id] });
      const patched = await room.editions.patch(id, {
        articleIds: [b.id, a.id],
        subject: '{{ articles[1].title }}',
      });
      expect(patched).toMatchObject({ articleIds: [b.id, a.id], subject: '{{ articles[1].title }}' });
      await expect(room.editions.patch(id, { articleIds: [a.id] })).rejects.toMatchObject({
        errors: [{ field: 'subject' }],
      });
      expect((await room.editions.get(id)).articleIds).toEqual([b.id, a.id]);
      expect(await room.editions.patch(id, { subject: null })).toMatchObject({ subject: null });
      for (const status of ['preparing', 'sending', 'paused', 'sent', 'cancelled', 'failed'] as const) {
        await force(id, status);
        await expect(room.editions.patch(id, { subject: 'x' })).rejects.toMatchObject({
          code: 'wrong_state',
          extra: { state: status },
        });
      }
    });
  });

  describe('sending', () => {
    it('is requested once, and told to the queue after', async () => {
      const { id: articleId } = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
      const results = await Promise.allSettled([1, 2, 3, 4].map(() => room.editions.requestSend(id)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(room.queue.jobs).toEqual([{ name: 'edition.prepare', payload: { editionId: id } }]);
      expect(await room.editions.get(id)).toMatchObject({ status: 'preparing', startedAt: room.clock.now() });
      expect(await room.editions.findPreparing()).toContainEqual({ id, kind: 'regular' });
      await expect(room.editions.requestSend(id)).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: 'preparing' },
      });
    });

    it('needs as many articles as the digest asks for, of those that may be sent', async () => {
      const strict = await room.digests.create({ name: 'Strict', minArticles: 2 });
      const [a, b] = [await room.article(), await room.article()];
      const { id } = await room.editions.createDraft(strict.id, { articleIds: [a.id, b.id] });
      await room.articles.patch(room.publicationId, b.id, { embargoUntil: inHours(2) });
      const tooFew = { code: 'invalid_input', errors: [{ field: 'articleIds', code: 'too_small' }] };
      await expect(room.editions.requestSend(id)).rejects.toMatchObject(tooFew);
      await expect(room.editions.schedule(id, { sendAt: inHours(1) })).rejects.toMatchObject(tooFew);
      expect((await room.editions.get(id)).status).toBe('draft');
      expect(room.queue.jobs).toEqual([]);
      expect(await room.editions.schedule(id, { sendAt: inHours(3) })).toMatchObject({ status: 'scheduled' });
      const none = await room.editions.createDraft(strict.id, { articleIds: [] });
      await expect(room.editions.requestSend(none.id)).rejects.toMatchObject(tooFew);
    });

    it('is scheduled, moved, taken back, and starts at its time, once', async () => {
      const { id: articleId } = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
      await expect(room.editions.schedule(id, {})).rejects.toMatchObject({
        errors: [{ field: 'sendAt', code: 'required' }],
      });
      await expect(room.editions.schedule(id, { sendAt: inHours(-1) })).rejects.toMatchObject({
        errors: [{ field: 'sendAt', code: 'past' }],
      });
      await room.editions.schedule(id, { sendAt: inHours(1) });
      expect(await room.editions.patch(id, { sendAt: inHours(5) })).toMatchObject({ status: 'scheduled' });
      expect(await room.editions.patch(id, { sendAt: null })).toMatchObject({
        status: 'draft',
        sendAt: null,
      });
      await room.editions.patch(id, { sendAt: inHours(2) });
      const { sendAt } = await room.editions.schedule(id, {});
      room.clock.set(new Date(sendAt!.getTime() - 1));
      expect(await room.editions.startDue()).not.toContain(id);
      room.clock.set(sendAt!);
      const started = await Promise.all([
        room.editions.startDue(),
        room.editions.startDue(),
        room.editions.startDue(),
      ]);
      expect(started.flat().filter((one) => one === id)).toHaveLength(1);
      expect(await room.editions.get(id)).toMatchObject({ status: 'preparing', startedAt: sendAt });
    });

    it('pauses and resumes, back to where it was', async () => {
      const { id: articleId } = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
      await room.editions.requestSend(id);
      room.queue.jobs.length = 0;
      expect(await room.editions.pause(id, { reason: 'a wrong name' })).toMatchObject({
        status: 'paused',
        statusReason: 'a wrong name',
      });
      expect(await room.editions.resume(id)).toMatchObject({ status: 'preparing', statusReason: null });
      expect(room.queue.jobs).toEqual([{ name: 'edition.prepare', payload: { editionId: id } }]);
      await force(id, 'sending', 3);
      await room.editions.pause(id);
      expect(await room.editions.resume(id)).toMatchObject({ status: 'sending' });
      expect(room.queue.jobs).toHaveLength(1);
    });

    it('is cancelled: what is not begun is suppressed, what is stays', async () => {
      const { id: articleId } = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
      await force(id, 'sending', 1);
      const row = { editionId: id, variantId: newId(), batch: 0, dueAt: room.clock.now() };
      await room.database.db.insert(delivery).values([
        { ...row, subscriberId: newId() },
        { ...row, subscriberId: newId(), attempts: 2 },
        {
          ...row,
          subscriberId: newId(),
          status: 'claimed',
          leaseToken: newId(),
          leaseUntil: room.clock.now(),
        },
        { ...row, subscriberId: newId(), status: 'accepted' },
      ]);
      expect(await room.editions.cancel(id)).toMatchObject({
        status: 'cancelled',
        finishedAt: room.clock.now(),
        counts: { recipients: 4, queued: 0, deferred: 0, claimed: 1, accepted: 1, suppressed: 2 },
      });
    });

    it.each<[EditionStatus, string[]]>([
      ['draft', ['pause', 'resume']],
      ['scheduled', ['pause', 'resume']],
      ['preparing', ['schedule', 'requestSend', 'resume']],
      ['sending', ['schedule', 'requestSend', 'resume']],
      ['paused', ['schedule', 'requestSend', 'pause']],
      ['sent', ['schedule', 'requestSend', 'pause', 'resume', 'cancel']],
      ['cancelled', ['schedule', 'requestSend', 'pause', 'resume', 'cancel']],
      ['failed', ['schedule', 'requestSend', 'pause', 'resume', 'cancel']],
    ])('when %s refuses %j with the state', async (status, refused) => {
      const { id: articleId } = await room.article();
      const { id } = await room.editions.createDraft(digest.id, { articleIds: [articleId] });
      await force(id, status);
      const acts: Record<string, () => Promise<unknown>> = {
        schedule: () => room.editions.schedule(id, { sendAt: inHours(1) }),
        requestSend: () => room.editions.requestSend(id),
        pause: () => room.editions.pause(id),
        resume: () => room.editions.resume(id),
        cancel: () => room.editions.cancel(id),
      };
      for (const act of refused) {
        await expect(acts[act]!()).rejects.toMatchObject({ code: 'wrong_state', extra: { state: status } });
      }
      expect((await room.editions.get(id)).status).toBe(status);
      const unknown = { code: 'not_found' };
      await expect(room.editions.pause(newId())).rejects.toMatchObject(unknown);
      await expect(room.editions.cancel('x')).rejects.toMatchObject(unknown);
    });
  });

  it('counts every recipient in exactly one state', async () => {
    const { id } = await room.editions.createDraft(digest.id, { articleIds: [] });
    const row = { editionId: id, variantId: newId(), batch: 0, dueAt: room.clock.now() };
    const rows = DELIVERY_STATUSES.flatMap((status, index) =>
      Array.from({ length: index + 1 }, () => ({
        ...row,
        subscriberId: newId(),
        status,
        leaseToken: status === 'claimed' ? newId() : null,
      })),
    );
    const deferred = [1, 2].map((attempts) => ({ ...row, subscriberId: newId(), attempts }));
    await room.database.db.insert(delivery).values([...rows, ...deferred]);
    const { counts } = await room.editions.get(id);
    expect(counts).toEqual({
      recipients: 30,
      queued: 1,
      claimed: 2,
      accepted: 3,
      failed: 4,
      suppressed: 5,
      expired: 6,
      uncertain: 7,
      deferred: 2,
    });
    const { recipients, ...states } = counts;
    expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(recipients);
    const { data } = await room.editions.list({ limit: 1 });
    expect(data).toEqual([await room.editions.get(id)]);
  });

  it('lists newest first, by pages', async () => {
    const all = await room.editions.list({ limit: 200 });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await room.editions.list({ limit: 7, cursor });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(all.data.map(({ id }) => id));
    expect(seen).toEqual([...seen].sort().reverse());
  });
});
