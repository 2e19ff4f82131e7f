import { jest } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { ARTICLE_STATES, articleState } from '#content/articles/article-state.js';
import { edition, editionArticle } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { SandboxError } from '#kernel/sandbox/sandbox-error.js';
import { onEachDatabase } from './../support/databases.js';
import { sharedContentSandboxes } from '../support/shared-sandboxes.js';
import { Newsroom } from './digest.harness.js';

onEachDatabase('articles', (open) => {
  let room: Newsroom;
  beforeAll(async () => {
    room = await Newsroom.open(await open());
  });

  it('makes, shows and finds an article', async () => {
    const topicId = await room.topic('harbour');
    const made = await room.article({
      title: 'The ferry stays',
      topics: ['harbour', topicId],
      url: 'https://example.org/ferry',
    });
    expect(made).toMatchObject({
      slug: 'the-ferry-stays',
      html: expect.stringContaining('<p>“Never again,” said the harbour master.</p>') as string,
      summary: expect.stringContaining('It happened at the quay') as string,
      topics: [{ id: topicId, slug: 'harbour', name: 'The harbour' }],
      url: 'https://example.org/ferry',
      retractedAt: null,
    });
    expect(await room.articles.get(room.publicationId, made.id)).toEqual(made);
    expect(await room.articles.getBySlug(room.publicationId, 'the-ferry-stays')).toEqual(made);
    const place = { id: room.publicationId, baseUrl: 'https://news.example.org/' };
    expect(room.articles.view(made, place)).toMatchObject({ url: made.url, topics: ['The harbour'] });
    const [detail] = await room.articles.details(place, [(await room.article()).id, made.id, newId(), 'x']);
    expect(detail?.url).toMatch(/^https:\/\/news\.example\.org\/a\/story-/);
  });

  it.each(['x', '01890000-0000-7000-8000-000000000000'])('knows no article %s', async (id) => {
    const error = { code: 'not_found' };
    await expect(room.articles.get(room.publicationId, id)).rejects.toMatchObject(error);
    await expect(room.articles.patch(room.publicationId, id, {})).rejects.toMatchObject(error);
    await expect(room.articles.remove(room.publicationId, id)).rejects.toMatchObject(error);
    await expect(room.articles.retract(room.publicationId, id)).rejects.toMatchObject(error);
    await expect(room.articles.getBySlug(room.publicationId, id)).rejects.toMatchObject(error);
  });

  it('names what is wrong and keeps nothing of it', async () => {
    const count = async () => (await room.articles.list(room.publicationId)).data.length;
    const before = await count();
    await expect(room.article({ topics: ['harbour', 'nowhere', newId()] })).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [
        { field: 'topics.1', code: 'unknown' },
        { field: 'topics.2', code: 'unknown' },
      ],
    });
    await expect(room.article({ format: 'html', body: '<script>1</script>' })).rejects.toMatchObject({
      errors: [{ field: 'body', code: 'empty' }],
    });
    await expect(room.article({ colour: 'red' })).rejects.toMatchObject({
      errors: [{ field: 'colour', code: 'unknown_field' }],
    });
    expect(await count()).toBe(before);
  });

  it('has one article per URL and names it', async () => {
    const url = 'https://example.org/only-once';
    const first = await room.article({ url });
    const conflict = { code: 'conflict', extra: { id: first.id }, errors: [{ field: 'url' }] };
    await expect(room.article({ url: `${url}#comments` })).rejects.toMatchObject(conflict);
    const other = await room.article();
    await expect(room.articles.patch(room.publicationId, other.id, { url })).rejects.toMatchObject(conflict);
    await expect(room.articles.patch(room.publicationId, first.id, { url })).resolves.toMatchObject({ url });
  });

  it('makes one article of a URL that comes many times at once', async () => {
    const url = 'https://example.org/in-a-rush';
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => room.article({ url })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
    }
  });

  it('gives each of many made at once a slug of its own', async () => {
    const title = 'Tide table for the week';
    const made = await Promise.all(Array.from({ length: 8 }, () => room.article({ title })));
    const slugs = made.map(({ slug }) => slug).sort();
    expect(slugs).toEqual(
      ['', '-2', '-3', '-4', '-5', '-6', '-7', '-8'].map((n) => `tide-table-for-the-week${n}`),
    );
  });

  it('gives a title without Latin letters a slug', async () => {
    const { slug } = await room.article({ title: '港のニュース' });
    expect(slug).toMatch(/^article-[0-9a-f]{8}$/);
    expect((await room.articles.getBySlug(room.publicationId, slug)).title).toBe('港のニュース');
  });

  it('stores a text with a NUL without it', async () => {
    const { id } = await room.article({ body: 'One\0 two.' });
    expect(await room.articles.get(room.publicationId, id)).toMatchObject({
      source: 'One two.',
      text: 'One two.',
    });
  });

  it('pages through all of them, newest first, without bodies', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await room.articles.list(room.publicationId, { limit: '3', cursor });
      seen.push(...page.data.map(({ id }) => id));
      expect(page.data[0]).not.toHaveProperty('html');
      expect(page.data[0]).toHaveProperty('summary');
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    const all = await room.articles.list(room.publicationId, { limit: 200 });
    expect(seen).toEqual(all.data.map(({ id }) => id));
    expect(seen).toEqual([...seen].sort().reverse());
    await expect(room.articles.list(room.publicationId, { cursor: 'x' })).rejects.toMatchObject({
      errors: [{ field: 'cursor' }],
    });
  });

  it('lists those in a state, each article in the one that it says it has', async () => {
    const past = new Date(room.clock.now().getTime() - 1_000).toISOString();
    const future = new Date(room.clock.now().getTime() + 3_600_000).toISOString();
    const times: Record<string, unknown>[] = [undefined, past, future].flatMap((embargoUntil) =>
      [past, future].map((publishedAt) => ({ publishedAt, ...(embargoUntil ? { embargoUntil } : {}) })),
    );
    for (const [index, time] of [...times, ...times].entries()) {
      const draft = index >= times.length;
      const { id } = await room.article({ ...time, draft });
      await room.article({ ...time, draft });
      await room.articles.retract(room.publicationId, id);
    }
    const all = (await room.articles.list(room.publicationId, { limit: 200 })).data;
    const found: string[] = [];
    for (const state of ARTICLE_STATES) {
      const { data } = await room.articles.list(room.publicationId, { state, limit: 200 });
      expect(data.length).toBeGreaterThan(0);
      expect(data.map((one) => articleState(one, room.clock.now()))).toEqual(data.map(() => state));
      found.push(...data.map(({ id }) => id));
    }
    expect(found.sort()).toEqual(all.map(({ id }) => id).sort());
    const wrong = room.articles.list(room.publicationId, { state: 'lost' });
    await expect(wrong).rejects.toMatchObject({ errors: [{ field: 'state' }] });
  });

  it('shows readers what is public, and only that', async () => {
    const now = room.clock.now().getTime();
    const later = new Date(now + 3_600_000).toISOString();
    const embargoed = await room.article({ embargoUntil: later });
    const future = await room.article({ publishedAt: later });
    const old = await room.article({ publishedAt: '2020-01-01T00:00:00Z' });
    const fresh = await room.article();
    const latest = async () => (await room.articles.latest(room.publicationId, 100)).map(({ id }) => id);
    const shown = await latest();
    expect(shown[0]).toBe(fresh.id);
    expect(shown.at(-1)).toBe(old.id);
    for (const hidden of [embargoed, future]) {
      expect(shown).not.toContain(hidden.id);
      await expect(room.articles.getBySlug(room.publicationId, hidden.slug)).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    room.clock.advance(3_600_001);
    expect(await latest()).toEqual(expect.arrayContaining([embargoed.id, future.id]));
    expect((await room.articles.getBySlug(room.publicationId, embargoed.slug)).id).toBe(embargoed.id);
  });

  it('is news from when it was put out, which a mended date does not change', async () => {
    const start = room.clock.now().getTime();
    const at = (minutes: number) => new Date(start + minutes * 60_000);
    const made = await room.article({ draft: true, publishedAt: '2020-01-01T00:00:00Z' });
    expect(made).toMatchObject({ releasedAt: at(0), newsAt: at(0), priority: 0, breaking: false });
    const patch = async (minutes: number, change: object) => {
      room.clock.set(at(minutes));
      const { releasedAt, newsAt, ...rest } = await room.articles.patch(room.publicationId, made.id, change);
      return { released: releasedAt, news: newsAt, ...rest };
    };
    expect(await patch(10, { title: 'Still a draft', priority: -100, breaking: true })).toMatchObject({
      released: at(0),
      news: at(0),
      priority: -100,
      breaking: true,
      updatedAt: at(10),
    });
    expect(await patch(20, { draft: false })).toMatchObject({ released: at(20), news: at(20) });
    expect(await patch(30, { draft: false, title: 'Public' })).toMatchObject({ released: at(20) });
    const late = await patch(40, { embargoUntil: at(90).toISOString() });
    expect(late).toMatchObject({ released: at(20), news: at(90) });
    expect(await patch(50, { embargoUntil: null })).toMatchObject({ released: at(50), news: at(50) });
    await patch(60, { publishedAt: at(70).toISOString() });
    expect(await patch(80, { publishedAt: '2020-01-01T00:00:00Z' })).toMatchObject({ news: at(70) });
  });

  it('retracts once', async () => {
    const { id, slug } = await room.article();
    const first = await room.articles.retract(room.publicationId, id);
    room.clock.advance(1000);
    expect((await room.articles.retract(room.publicationId, id)).retractedAt).toEqual(first.retractedAt);
    await expect(room.articles.getBySlug(room.publicationId, slug)).rejects.toMatchObject({ code: 'gone' });
    expect((await room.articles.latest(room.publicationId, 100)).map((item) => item.id)).not.toContain(id);
  });

  it('changes what is given and leaves the rest', async () => {
    const made = await room.article({ title: 'Before', author: 'A. Reporter', topics: ['harbour'] });
    room.clock.advance(1000);
    const after = await room.articles.patch(room.publicationId, made.id, {
      title: 'After',
      body: '**New** [map](/map)',
      format: 'markdown',
      url: 'https://example.org/after',
      topics: [],
    });
    expect(after).toMatchObject({
      slug: 'before',
      title: 'After',
      author: 'A. Reporter',
      topics: [],
      summary: 'New map',
      html: '<p><strong>New</strong> <a href="https://example.org/map" rel="noopener">map</a></p>',
      publishedAt: made.publishedAt,
    });
    expect(after.updatedAt.getTime()).toBeGreaterThan(made.updatedAt.getTime());
  });

  it('keeps a summary that was given, and makes one again on null', async () => {
    const made = await room.article({ summary: 'In our words.' });
    const patch = (change: object) => room.articles.patch(room.publicationId, made.id, change);
    expect(await patch({ body: 'Other story.' })).toMatchObject({
      text: 'Other story.',
      summary: 'In our words.',
    });
    expect(await patch({ summary: null })).toMatchObject({ summary: 'Other story.' });
    expect(await patch({ body: 'Third story.' })).toMatchObject({ summary: 'Third story.' });
  });

  it('changes all but the words while nothing can be read', async () => {
    const made = await room.article({ body: 'A story. More of it.' });
    const run = jest
      .spyOn(sharedContentSandboxes.given, 'run')
      .mockRejectedValue(new SandboxError('summary', 'busy'));
    try {
      const patch = (change: object) => room.articles.patch(room.publicationId, made.id, change);
      const { summary } = made;
      expect(await patch({ draft: true, topics: [] })).toMatchObject({ draft: true, topics: [], summary });
      expect(await patch({ summary: 'In our words.' })).toMatchObject({ summary: 'In our words.' });
      expect(run).not.toHaveBeenCalled();
      await expect(patch({ summary: null })).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      run.mockRestore();
    }
  });

  it('deletes what nobody had; not what was sent', async () => {
    const digest = await room.digests.create({ name: 'Deleting' });
    const article = await room.article();
    const draft = await room.editions.createDraft(digest.id, { articleIds: [article.id] });
    const setStatus = (status: 'sent' | 'paused' | 'cancelled' | 'draft', batches = 0) =>
      room.database.db.update(edition).set({ status, batches }).where(eq(edition.id, draft.id));
    for (const [status, batches] of [
      ['sent', 1],
      ['paused', 0],
      ['cancelled', 1],
    ] as const) {
      await setStatus(status, batches);
      await expect(room.articles.remove(room.publicationId, article.id)).rejects.toMatchObject({
        code: 'wrong_state',
        extra: { state: status, editionId: draft.id },
      });
    }
    await setStatus('draft');
    await room.articles.remove(room.publicationId, article.id);
    await expect(room.articles.get(room.publicationId, article.id)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(
      await room.database.db.select().from(editionArticle).where(eq(editionArticle.editionId, draft.id)),
    ).toEqual([]);
  });
});
