import type { Digest } from '#digest/operator/digest.service.js';
import { HeldSends } from '#digest/operator/held-sends.service.js';
import { ApprovalService } from '#digest/operator/approval.service.js';
import { MOST_VERSIONS, ONE_GO_MS } from '#digest/drafts/draft-history.js';
import { onEachDatabase } from './../support/databases.js';
import { Newsroom } from './digest.harness.js';

const ANN = { id: 'ann', name: 'Ann' };
const BEA = { id: 'bea', name: 'Bea' };

onEachDatabase('drafts', (open) => {
  let room: Newsroom;
  let digest: Digest;
  beforeAll(async () => {
    room = await Newsroom.open(await open());
    digest = await room.digests.create({ name: 'The Morning Brief', maxArticles: 5 });
  });
  beforeEach(() => {
    room.queue.jobs.length = 0;
  });
  const articles = async (count: number) => {
    const made: string[] = [];
    for (let n = 0; n < count; n++) made.push((await room.article()).id);
    return made;
  };
  const drafted = async (count = 2) => {
    const articleIds = await articles(count);
    return room.editions.createDraft(digest.id, { articleIds });
  };
  const preview = async (id: string, format: 'html' | 'text') =>
    String((await room.previews.preview(id, { format })).body);

  describe('stories', () => {
    it('are kept in the order of their sections, and shown so in both parts', async () => {
      const [a, b, c, d] = (await articles(4)) as [string, string, string, string];
      const stories = [
        { articleId: a, section: 'brief' as const },
        { articleId: b, section: 'main' as const },
        { articleId: c, section: 'lead' as const },
        { articleId: d, section: 'main' as const },
      ];
      const draft = await room.editions.createDraft(digest.id, { stories });
      expect(draft.articleIds).toEqual([c, b, d, a]);
      expect(draft.stories.map(({ section }) => section)).toEqual(['lead', 'main', 'main', 'brief']);
      expect(await preview(draft.id, 'html')).toMatch(/More stories[\s\S]*In brief/);
      expect(await preview(draft.id, 'text')).toMatch(/MORE STORIES[\s\S]*IN BRIEF/);
      // Named by their ids alone they stay in their sections.
      const reordered = await room.editions.patch(draft.id, { articleIds: [d, b, c] });
      expect(reordered.stories.map(({ articleId, section }) => [articleId, section])).toEqual([
        [c, 'lead'],
        [d, 'main'],
        [b, 'main'],
      ]);
      await expect(
        room.editions.patch(draft.id, { stories: [{ articleId: 'x', section: 'main' }] }),
      ).rejects.toMatchObject({ errors: [{ field: 'stories.0.articleId', code: 'unknown' }] });
      await expect(room.editions.patch(draft.id, { stories, articleIds: [a] })).rejects.toMatchObject({
        errors: [{ field: 'stories', code: 'conflict' }],
      });
    });

    it('may be drafts until it is sent, which then names them', async () => {
      const [ready] = await articles(1);
      const unfinished = await room.article({ draft: true, title: 'Not yet' });
      const draft = await room.editions.createDraft(digest.id, { articleIds: [ready!, unfinished.id] });
      expect(draft.stories.map(({ state }) => state)).toEqual(['published', 'draft']);
      const refused = {
        code: 'invalid_input',
        errors: [
          { field: 'articleIds.1', code: 'draft', message: expect.stringContaining('Not yet') as string },
        ],
      };
      await expect(room.editions.requestSend(draft.id)).rejects.toMatchObject(refused);
      await expect(room.editions.requestSend(draft.id, { undoSeconds: 10 })).rejects.toMatchObject(refused);
      const sendAt = new Date(room.clock.now().getTime() + 3_600_000);
      await expect(room.editions.schedule(draft.id, { sendAt })).rejects.toMatchObject(refused);
      expect(await preview(draft.id, 'html')).not.toContain('Not yet');
      await room.articles.patch(room.publicationId, unfinished.id, { draft: false });
      await room.editions.schedule(draft.id, { sendAt });
      // One that is scheduled takes none in.
      const another = await room.article({ draft: true });
      await expect(room.editions.patch(draft.id, { articleIds: [another.id] })).rejects.toMatchObject({
        errors: [{ code: 'draft' }],
      });
      await room.editions.cancel(draft.id);
    });
  });

  it('has an intro, which is sanitised, and a preheader', async () => {
    const { id } = await drafted();
    const intro = 'Good **morning**.\n\n<script>alert(1)</script> [Mail us](https://example.org/desk)';
    const patched = await room.editions.patch(id, { intro, preheader: 'Today: {{ articles.size }}' });
    expect(patched).toMatchObject({ intro, preheader: 'Today: {{ articles.size }}' });
    const html = await preview(id, 'html');
    expect(html).toContain('<strong>morning</strong>');
    expect(html).toContain('Today: 2');
    expect(html).not.toContain('<script');
    expect(await preview(id, 'text')).toContain('Good morning.');
    await expect(room.editions.patch(id, { preheader: '{{ articles[0]' })).rejects.toMatchObject({
      errors: [{ field: 'preheader' }],
    });
    expect(await room.editions.patch(id, { intro: '', preheader: null })).toMatchObject({
      intro: null,
      preheader: null,
    });
    expect(await preview(id, 'html')).not.toContain('morning</strong>');
  });

  describe('two operators', () => {
    it('lose nothing to each other: the later one is told who changed what, and when', async () => {
      const { id, version } = await drafted();
      const first = await room.editions.patch(id, { version, subject: 'By Ann' }, undefined, ANN);
      expect(first.version).toBe(version + 1);
      await expect(
        room.editions.patch(id, { version, intro: 'By Bea' }, undefined, BEA),
      ).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('Ann') as string,
        extra: {
          version: version + 1,
          changes: [{ by: 'Ann', at: room.clock.now(), fields: ['subject'], version: version + 1 }],
        },
      });
      expect(await room.editions.get(id)).toMatchObject({ subject: 'By Ann', intro: null });
      await expect(room.editions.requestSend(id, { version })).rejects.toMatchObject({ code: 'conflict' });
      const both = await room.editions.patch(id, { version: version + 1, intro: 'By Bea' }, undefined, BEA);
      expect(both).toMatchObject({ subject: 'By Ann', intro: 'By Bea', version: version + 2 });
    });

    it('at the same moment: one wins', async () => {
      const { id, version } = await drafted();
      const tries = ['a', 'b', 'c'].map((subject) => room.editions.patch(id, { version, subject }));
      const results = await Promise.allSettled(tries);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await room.editions.get(id)).version).toBe(version + 1);
    });
  });

  describe('the history', () => {
    it('has a row for all that one changed in one go, and makes an edition what it was', async () => {
      const { id, articleIds } = await drafted();
      for (const subject of ['T', 'Tw', 'Two']) await room.editions.patch(id, { subject }, undefined, ANN);
      await room.editions.patch(id, { intro: 'Hello', articleIds: articleIds.slice(1) }, undefined, BEA);
      room.clock.advance(ONE_GO_MS);
      await room.editions.patch(id, { subject: 'Three' }, undefined, BEA);
      const { data } = await room.editions.changes(id);
      expect(data.map(({ by, fields, version }) => ({ by, fields, version }))).toEqual([
        { by: 'Bea', fields: ['subject'], version: 6 },
        { by: 'Bea', fields: ['intro', 'stories'], version: 5 },
        { by: 'Ann', fields: ['subject'], version: 4 },
        { by: null, fields: [], version: 1 },
      ]);
      const gone = articleIds[0]!;
      const before = await room.editions.restore(id, 4, 6, undefined, ANN);
      expect(before).toMatchObject({ subject: 'Two', intro: null, articleIds, version: 7 });
      await room.editions.patch(id, { articleIds: [articleIds[1]!] });
      await room.articles.retract(room.publicationId, gone);
      expect(await room.editions.restore(id, 4, undefined, undefined, ANN)).toMatchObject({
        articleIds: [articleIds[1]],
      });
      await expect(room.editions.restore(id, 3, undefined, undefined, ANN)).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(room.editions.restore(id, 1, 2, undefined, ANN)).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('is bounded', async () => {
      const { id } = await drafted(1);
      for (let n = 0; n < MOST_VERSIONS + 5; n++) {
        await room.editions.patch(id, { subject: `S ${n}` }, undefined, { id: `${n}`, name: `N ${n}` });
      }
      const { data } = await room.editions.changes(id);
      expect(data).toHaveLength(MOST_VERSIONS);
      expect(data[0]).toMatchObject({ by: `N ${MOST_VERSIONS + 4}` });
    });
  });

  describe('a sending that can be taken back', () => {
    const SECONDS = 10;
    const held = () => room.get(HeldSends);
    const start = async () => {
      const { id } = await drafted();
      return room.editions.requestSend(id, { undoSeconds: SECONDS });
    };

    it('is held, and is a draft again when it is', async () => {
      const sent = await start();
      const heldUntil = new Date(room.clock.now().getTime() + SECONDS * 1000);
      expect(sent).toMatchObject({ status: 'scheduled', heldUntil, startedAt: null });
      expect(room.queue.jobs).toEqual([{ name: 'tick', payload: {} }]);
      room.clock.advance(SECONDS * 1000 - 1);
      expect(await held().release()).toBe(0);
      expect(await room.editions.startDue()).toEqual([]);
      expect(await held().undo(sent.id)).toMatchObject({ status: 'draft', heldUntil: null });
      room.clock.advance(SECONDS * 1000);
      expect(await held().release()).toBe(0);
      await expect(held().undo(sent.id)).rejects.toMatchObject({ code: 'wrong_state' });
    });

    it('begins after that, once, and can no more be taken back', async () => {
      const { id } = await start();
      room.clock.advance(SECONDS * 1000);
      await expect(held().undo(id)).rejects.toMatchObject({ code: 'wrong_state' });
      const released = await Promise.all([held().release(), held().release(), held().release()]);
      expect(released.reduce((sum, n) => sum + n, 0)).toBe(1);
      expect(await room.editions.get(id)).toMatchObject({
        status: 'preparing',
        heldUntil: null,
        startedAt: room.clock.now(),
      });
      expect(await room.editions.findPreparing()).toContainEqual({ id, kind: 'regular' });
      await room.editions.cancel(id);
    });

    it('is neither changed nor moved meanwhile; it can be cancelled, or sent at once', async () => {
      const { id } = await start();
      const refused = { code: 'wrong_state' };
      await expect(room.editions.patch(id, { subject: 'x' })).rejects.toMatchObject(refused);
      await expect(room.editions.requestSend(id, { undoSeconds: 5 })).rejects.toMatchObject(refused);
      const sendAt = new Date(room.clock.now().getTime() + 3_600_000);
      await expect(room.editions.schedule(id, { sendAt })).rejects.toMatchObject(refused);
      expect(await room.editions.requestSend(id)).toMatchObject({ status: 'preparing', heldUntil: null });
      await room.editions.cancel(id);
      const other = await start();
      expect(await room.editions.cancel(other.id)).toMatchObject({ status: 'cancelled', heldUntil: null });
    });

    it('does not start by a time that the draft remembers', async () => {
      const { id } = await drafted();
      await room.editions.patch(id, { sendAt: new Date(room.clock.now().getTime() + 1_000) });
      room.clock.advance(2_000);
      await room.editions.requestSend(id, { undoSeconds: SECONDS });
      expect(await room.editions.startDue()).toEqual([]);
      await held().undo(id);
    });

    it('of a draft for a slot waits for a yes again when it is taken back, and is one when not', async () => {
      const own = await room.digests.create({
        name: 'By the clock',
        schedule: { cron: '0 12 * * *', timeZone: 'UTC' },
        approval: { minutes: 600 },
        minArticles: 1,
      });
      await room.article();
      await room.slotTick.run();
      const [slot] = (await room.slots.list({ limit: 10, digestId: own.id, status: 'open' })).data;
      const id = slot!.editionId!;
      expect(await room.editions.requestSend(id, { undoSeconds: SECONDS })).toMatchObject({
        approval: 'waiting',
      });
      room.clock.set(slot!.at);
      await room.slotTick.run(); // the slot's time comes meanwhile
      await room.editions.get(id);
      expect(await room.slots.get(slot!.id)).toMatchObject({ status: 'open' });
      await expect(room.get(ApprovalService).approve(id)).rejects.toMatchObject({ code: 'wrong_state' });
      await held().release();
      expect(await room.editions.get(id)).toMatchObject({ status: 'preparing', approval: 'approved' });
      expect(await room.slots.get(slot!.id)).toMatchObject({ status: 'fired' });
    });
  });
});
