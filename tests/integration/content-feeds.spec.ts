import { jest } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { article, feedEntry } from '#database/schema/index.js';
import { SandboxError, type SandboxReason } from '#kernel/sandbox/sandbox-error.js';
import { onEachDatabase } from '../support/databases.js';
import { sharedContentSandboxes } from '../support/shared-sandboxes.js';
import { rssOf, WebSite, type Item } from '../support/web-site.js';
import { Newsroom } from './digest.harness.js';

const MINUTE = 60_000;
const context = { signal: new AbortController().signal, deadline: new AbortController().signal };

onEachDatabase('feeds', (open) => {
  let room: Newsroom;
  let site: WebSite;
  let number = 0;

  beforeAll(async () => {
    room = await Newsroom.open(await open(), { fetchAllow: ['127.0.0.1/32'] });
    site = await WebSite.open();
    await room.topic('harbour');
  });
  afterAll(() => site.close());
  beforeEach(() => site.requests.splice(0));
  afterEach(() => jest.restoreAllMocks());

  /** What reads feeds, as it is but for what this does before each task. @param before told of what is to be read, as JSON */
  const whileReading = (before: (task: string, input: string) => void) => {
    const { feeds } = sharedContentSandboxes;
    const run = feeds.run.bind(feeds) as (task: string, input: unknown, limitMs: number) => Promise<never>;
    jest.spyOn(feeds, 'run').mockImplementation(async (task, input, limitMs) => {
      before(task, JSON.stringify(input));
      return run(task, input, limitMs);
    });
  };
  const ending = (words: RegExp, reason: SandboxReason) => (task: string, input: string) => {
    if (task === 'entry' && words.test(input)) throw new SandboxError(task, reason);
  };

  const feedOf = async (items: Item[], more: object = {}) => {
    const path = `/feed-${++number}.xml`;
    site.says(path, rssOf(items));
    const feed = await room.feeds.create(room.publicationId, { url: site.url + path, ...more });
    return { feed, path, id: feed.id };
  };
  const poll = (id: string) => room.feeds.poll(room.publicationId, id);
  const articlesOf = (feedId: string) =>
    room.database.db.select().from(article).where(eq(article.feedId, feedId)).orderBy(article.id);
  const soon = () => new Date(room.clock.now().getTime() + MINUTE).toUTCString();
  const url = (id: string) =>
    expect.objectContaining({
      code: 'invalid_input',
      errors: [expect.objectContaining({ field: 'url', code: id })],
    }) as Error;

  it('takes what is there for history, and what comes for news', async () => {
    const old = { guid: 'old', title: 'Old story', path: '/t1-old' };
    const { id, feed, path } = await feedOf([old], { topics: ['harbour'], everyMinutes: 15 });
    expect(feed).toMatchObject({
      name: 'The Post',
      enabled: true,
      everyMinutes: 15,
      lastError: null,
      failures: 0,
    });
    expect(feed.dueAt.getTime()).toBe(room.clock.now().getTime() + 15 * MINUTE);
    room.clock.advance(15 * MINUTE);
    const fresh = {
      guid: 'new',
      title: 'The &lt;b&gt;ferry&lt;/b&gt;',
      path: '/t1-new?utm_source=rss',
      body: '<p>Hi<script>x()</script></p>',
      date: soon(),
    };
    const late = {
      guid: 'late',
      title: 'Unearthed',
      path: '/t1-late',
      date: 'Mon, 01 Jan 2024 10:00:00 GMT',
    };
    site.says(path, rssOf([fresh, late, old]));
    expect((await poll(id)).outcome).toMatchObject({
      status: 'ok',
      counts: { added: 1, history: 1, unchanged: 1 },
    });
    const [made, ...none] = await articlesOf(id);
    expect(none).toEqual([]);
    expect(made).toMatchObject({
      title: 'The ferry',
      url: 'https://post.example/t1-new',
      html: '<p>Hi</p>',
      draft: false,
      feedId: id,
    });
    expect(await room.articles.get(room.publicationId, made?.id ?? '')).toMatchObject({
      topics: [{ slug: 'harbour' }],
    });
    expect((await poll(id)).outcome).toMatchObject({ counts: { added: 0, unchanged: 3 } });
    expect(await articlesOf(id)).toHaveLength(1);
  });

  it('changes an article until a reader has it or an operator has changed it, and notes it then', async () => {
    const { id, path } = await feedOf([]);
    const story = (title: string, guid = 's') => ({ guid, title, path: `/t2-${guid}` });
    site.says(path, rssOf([story('One'), story('Edited here', 'e'), story('Sent', 'u')]));
    await poll(id);
    const [sent, edited] = await articlesOf(id); // the last of a feed is its oldest
    room.clock.advance(MINUTE);
    await room.articles.patch(room.publicationId, edited?.id ?? '', { title: 'By hand' });
    await room.articles.retract(room.publicationId, sent?.id ?? '');
    site.says(path, rssOf([story('Two'), story('Edited there', 'e'), story('Sent anew', 'u')]));
    expect((await poll(id)).outcome.counts).toMatchObject({ updated: 1, noted: 2, added: 0 });
    const now = room.clock.now();
    expect((await articlesOf(id)).map(({ title, sourceChangedAt }) => [title, sourceChangedAt])).toEqual([
      ['Sent', now],
      ['By hand', now],
      ['Two', null],
    ]);
    expect((await poll(id)).outcome.counts).toMatchObject({ unchanged: 3 });
    site.says(path, rssOf([story('Three')]));
    expect((await poll(id)).outcome.counts).toMatchObject({ updated: 1 });
  });

  it('only notes what changes after an edition was sent with the article', async () => {
    const { id, path } = await feedOf([]);
    const digest = await room.digests.create({ name: 'Noting' });
    site.says(path, rssOf([{ guid: 's', title: 'As sent', path: '/t2-sent' }]));
    await poll(id);
    const [made] = await articlesOf(id);
    const draft = await room.editions.createDraft(digest.id, { articleIds: [made!.id] });
    site.says(path, rssOf([{ guid: 's', title: 'In a draft', path: '/t2-sent' }]));
    expect((await poll(id)).outcome.counts).toMatchObject({ updated: 1, noted: 0 });
    await room.editions.requestSend(draft.id);
    room.clock.advance(MINUTE);
    site.says(path, rssOf([{ guid: 's', title: 'Too late', path: '/t2-sent' }]));
    expect((await poll(id)).outcome.counts).toMatchObject({ updated: 0, noted: 1 });
    const [after] = await articlesOf(id);
    expect(after).toMatchObject({ title: 'In a draft', sourceChangedAt: room.clock.now() });
  });

  it('never makes a deleted article again', async () => {
    const { id, path } = await feedOf([]);
    site.says(path, rssOf([{ title: 'A', path: '/t3-a' }]));
    await poll(id);
    const [made] = await articlesOf(id);
    await room.articles.remove(room.publicationId, made?.id ?? '');
    site.says(path, rssOf([{ title: 'A, changed', path: '/t3-a' }]));
    expect((await poll(id)).outcome.counts).toMatchObject({ added: 0, unchanged: 1 });
    expect(await articlesOf(id)).toEqual([]);
  });

  it('takes one story of two feeds once, with the topics of both', async () => {
    await room.topic('sport');
    const one = await feedOf([], { topics: ['harbour'] });
    const two = await feedOf([], { categoryTopics: { 'Races  AND games': 'sport' } });
    const story = { title: 'Regatta', path: '/t4-regatta', categories: ['races and games'] };
    site.says(one.path, rssOf([{ ...story, guid: 'x' }]));
    site.says(two.path, rssOf([{ ...story, guid: 'y' }]));
    expect((await poll(one.id)).outcome.counts.added).toBe(1);
    expect((await poll(two.id)).outcome.counts.added).toBe(0);
    const [made] = await articlesOf(one.id);
    const { topics } = await room.articles.get(room.publicationId, made?.id ?? '');
    expect(topics.map(({ slug }) => slug).sort()).toEqual(['harbour', 'sport']);
    expect(await articlesOf(two.id)).toEqual([]);
  });

  it('asks whether something is new, and follows what moved for good', async () => {
    const { id, path } = await feedOf([]);
    site.says(path, rssOf([{ title: 'A', path: '/t5-a' }]), {
      etag: '"v1"',
      'last-modified': 'Sun, 22 Nov 2026 09:00:00 GMT',
    });
    await poll(id);
    site.says(path, '', {}, 304);
    expect((await poll(id)).outcome.status).toBe('unchanged');
    expect(site.requests.at(-1)?.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Sun, 22 Nov 2026 09:00:00 GMT',
    });
    site.says('/moved-5.xml', rssOf([]));
    site.says(path, '', { location: '/moved-5.xml' }, 301);
    expect(await poll(id)).toMatchObject({ url: `${site.url}/moved-5.xml`, outcome: { status: 'ok' } });
  });

  it('says what is wrong, waits longer each time, and recovers', async () => {
    const { id, path } = await feedOf([], { everyMinutes: 10 });
    const minutes = (feed: { dueAt: Date }) => (feed.dueAt.getTime() - room.clock.now().getTime()) / MINUTE;
    site.says(path, 'broken', {}, 500);
    const first = await poll(id);
    expect(first).toMatchObject({
      failures: 1,
      lastError: expect.stringContaining('answered 500 (it is broken)') as string,
      outcome: { status: 'failed' },
    });
    expect(minutes(first)).toBe(20);
    site.says(path, rssOf([{ title: 'half', path: '/t6-half' }]).slice(0, -30));
    const second = await poll(id);
    expect(second).toMatchObject({
      failures: 2,
      lastError: expect.stringContaining('This is not a feed') as string,
    });
    expect(minutes(second)).toBe(40);
    expect(await articlesOf(id)).toEqual([]);
    site.says(path, '', { 'retry-after': '36000' }, 503);
    expect(minutes(await poll(id))).toBe(600);
    site.says(path, rssOf([{ title: 'whole', path: '/t6-half' }]));
    expect(await poll(id)).toMatchObject({ failures: 0, lastError: null, outcome: { counts: { added: 1 } } });
    site.says(path, '', {}, 410);
    expect(await poll(id)).toMatchObject({
      enabled: false,
      lastError: expect.stringContaining('It is not polled any more') as string,
    });
    expect(await room.feeds.patch(room.publicationId, id, { enabled: true })).toMatchObject({
      enabled: true,
      dueAt: room.clock.now(),
    });
  });

  it('keeps one bad entry from spoiling the others', async () => {
    const { id, path } = await feedOf([]);
    const huge = '<i>x</i>'.repeat(30_000);
    site.says(
      path,
      rssOf([
        { title: 'Good', path: '/t7-a' },
        { title: 'Bad', path: '/t7-b', body: huge },
        { title: '', path: '/t7-c' },
        { title: 'Also good', path: '/t7-d', date: 'soon' },
      ]),
    );
    expect(await poll(id)).toMatchObject({
      warning: expect.stringMatching(
        /^2 entries have nothing.*a date that can not be read \(“soon”\)/,
      ) as string,
      outcome: { counts: { added: 2, unusable: 2 } },
    });
    const rows = await room.database.db.select().from(feedEntry).where(eq(feedEntry.feedId, id));
    expect(rows.filter((row) => row.articleId !== null)).toHaveLength(2);
    expect(rows).toHaveLength(4);
  });

  it('remembers what can not be used, and looks at it again when it has changed', async () => {
    const { id, path } = await feedOf([]);
    const bad = (body: string) => ({ guid: 'bad', title: '', path: '/t13-a', body });
    site.says(path, rssOf([{ guid: 'g', title: 'Good', path: '/t13-b' }, bad('<script>1</script>')]));
    await poll(id);
    const tasks: string[] = [];
    whileReading((task) => tasks.push(task));
    expect(await poll(id)).toMatchObject({
      warning: expect.stringMatching(/^One entry has nothing/) as string,
      outcome: { status: 'ok', counts: { unchanged: 1, unusable: 1 } },
    });
    expect(tasks).toEqual(['feed']);
    site.says(path, rssOf([bad('<p>Mended.</p>')]));
    expect(await poll(id)).toMatchObject({ warning: null, outcome: { counts: { added: 1 } } });
    expect((await articlesOf(id)).map(({ title }) => title)).toEqual(['Good', 'Mended']);
    site.says(path, rssOf([bad('')]));
    expect((await poll(id)).outcome.counts).toMatchObject({ unusable: 1 });
    site.says(path, rssOf([bad('<p>Mended.</p>')]));
    expect((await poll(id)).outcome.counts).toMatchObject({ unchanged: 1 });
  });

  it.each<SandboxReason>(['time', 'memory', 'died'])(
    'takes what is newer than entries whose reading ends for %s, and gives these up',
    async (reason) => {
      const { id, path } = await feedOf([], { everyMinutes: 10 });
      const at = `/t14-${reason}`;
      const poison = [1, 2, 3, 4, 5, 6].map((n) => ({ title: `Poison ${n}`, path: `${at}-${n}` }));
      site.says(path, rssOf([{ title: 'Good', path: `${at}-a` }, ...poison]), { etag: '"v1"' });
      whileReading(ending(/Poison/, reason));
      const first = await poll(id);
      expect(first).toMatchObject({ failures: 1, outcome: { status: 'failed', counts: { unusable: 5 } } });
      expect(first.lastError).toBe('5 entries take too long to read, or too much memory.');
      const second = await poll(id);
      expect(second).toMatchObject({ failures: 0, outcome: { status: 'ok', counts: { added: 1 } } });
      expect(second.dueAt.getTime()).toBe(room.clock.now().getTime() + 10 * MINUTE);
      for (let polls = 0; polls < 3; polls++) await poll(id);
      const tasks: string[] = [];
      jest.restoreAllMocks();
      whileReading((task) => tasks.push(task));
      expect(await poll(id)).toMatchObject({
        warning: expect.stringMatching(/^6 entries have nothing/) as string,
        outcome: { status: 'ok', counts: { unchanged: 1, unusable: 6 } },
      });
      expect(tasks).toEqual(['feed']);
    },
  );

  it('takes an entry after all that a busy machine did not read in time', async () => {
    const { id, path } = await feedOf([]);
    site.says(
      path,
      rssOf([
        { title: 'Slow', path: '/t15-a' },
        { title: 'Good', path: '/t15-b' },
      ]),
      {
        etag: '"v1"',
      },
    );
    whileReading(ending(/Slow/, 'time'));
    expect((await poll(id)).outcome).toMatchObject({ status: 'ok', counts: { added: 1, unusable: 1 } });
    jest.restoreAllMocks();
    expect(await poll(id)).toMatchObject({ warning: null, outcome: { counts: { added: 1, unchanged: 1 } } });
    expect(site.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
  });

  it('waits longer each time for a feed of which nothing can be read', async () => {
    const { id, path } = await feedOf([]);
    site.says(path, rssOf([{ title: 'Poison', path: '/t16' }]));
    whileReading(ending(/Poison/, 'time'));
    for (let failures = 1; failures <= 5; failures++) {
      expect(await poll(id)).toMatchObject({ failures, lastError: expect.any(String) as string });
    }
  });

  it('stops after a minute, and goes on with the next poll', async () => {
    const { id, path } = await feedOf([]);
    site.says(path, rssOf([1, 2, 3].map((n) => ({ title: `T${n}`, path: `/t17-${n}` }))), { etag: '"v1"' });
    whileReading((task) => {
      if (task === 'entry') room.clock.advance(MINUTE / 2);
    });
    expect(await poll(id)).toMatchObject({ dueAt: room.clock.now(), outcome: { counts: { added: 2 } } });
    expect((await poll(id)).outcome.counts).toMatchObject({ added: 1, unchanged: 2 });
    expect((await articlesOf(id)).map(({ title }) => title)).toEqual(['T3', 'T2', 'T1']);
  });

  it('counts it for a failure when what reads it dies, and not when it is busy', async () => {
    const { id } = await feedOf([], { everyMinutes: 10 });
    const run = jest.spyOn(sharedContentSandboxes.feeds, 'run');
    run.mockRejectedValue(new SandboxError('feed', 'busy'));
    await expect(poll(id)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await room.feeds.get(room.publicationId, id)).toMatchObject({ failures: 0, lastError: null });
    run.mockRejectedValue(new SandboxError('feed', 'died'));
    const failed = await poll(id);
    expect(failed).toMatchObject({
      failures: 1,
      lastError: expect.stringContaining('ended before it was done') as string,
      outcome: { status: 'failed' },
    });
    expect(failed.dueAt.getTime()).toBe(room.clock.now().getTime() + 20 * MINUTE);
  });

  it('keeps what was good when a change only breaks it, and takes the good text again', async () => {
    const { id, path } = await feedOf([]);
    const text = (title: string) =>
      rssOf([{ guid: 's', title, path: '/t9' }]).replace(
        '<?xml version="1.0"?>',
        '<?xml version="1.0" encoding="UTF-8"?>',
      );
    site.says(path, text('Die “Fähre” legt ab'));
    await poll(id);
    const good = Buffer.from(text('Die “Fähre” legt ab'));
    const at = good.indexOf('ä');
    site.says(path, Buffer.concat([good.subarray(0, at), Buffer.from([0xe4]), good.subarray(at + 2)]));
    expect(await poll(id)).toMatchObject({
      warning: expect.stringContaining('One entry comes with broken characters') as string,
      outcome: { counts: { unchanged: 1, updated: 0 } },
    });
    const titles = async () => (await articlesOf(id)).map(({ title }) => title);
    expect(await titles()).toEqual(['Die “Fähre” legt ab']);
    site.says(path, text('Die “Fähre” legt an'));
    expect(await poll(id)).toMatchObject({ warning: null, outcome: { counts: { updated: 1 } } });
    expect(await titles()).toEqual(['Die “Fähre” legt an']);
  });

  it('does not note a change of what is not shown', async () => {
    const { id, path } = await feedOf([]);
    const story = { guid: 's', title: 'A', path: '/t10' };
    site.says(path, rssOf([story]));
    await poll(id);
    const [made] = await articlesOf(id);
    const digest = await room.digests.create({ name: 'Unshown' });
    const draft = await room.editions.createDraft(digest.id, { articleIds: [made!.id] });
    await room.editions.requestSend(draft.id);
    site.says(path, rssOf([{ ...story, categories: ['new'] }]));
    expect((await poll(id)).outcome.counts).toMatchObject({ noted: 0, unchanged: 1 });
    expect((await articlesOf(id))[0]).toMatchObject({ sourceChangedAt: null });
  });

  it('tells of dates that can not be read', async () => {
    const { id, path } = await feedOf([]);
    site.says(path, rssOf([{ title: 'A', path: '/t11', date: 'next Tuesday' }]));
    expect(await poll(id)).toMatchObject({
      warning: expect.stringContaining('(“next Tuesday”)') as string,
      outcome: { counts: { added: 1 } },
    });
  });

  it('reads charsets', async () => {
    const { id, path } = await feedOf([]);
    const text = rssOf([{ title: 'Über “Fähren”', path: '/t8' }]).replace(
      '<?xml version="1.0"?>',
      '<?xml version="1.0" encoding="windows-1252"?>',
    );
    const bytes = Buffer.from(text.replace('“', '\u0093').replace('”', '\u0094'), 'latin1');
    site.says(path, bytes, { 'content-type': 'text/xml; charset=utf-8' });
    await poll(id);
    expect((await articlesOf(id))[0]?.title).toBe('Über “Fähren”');
  });

  it('enqueues what is due, and lets one process poll at a time', async () => {
    const { id, path } = await feedOf([], { everyMinutes: 5 });
    const jobs = () =>
      room.queue.jobs.filter(
        ({ name, payload }) => name === 'feed.poll' && (payload as { feedId: string }).feedId === id,
      );
    await room.feedTick.run(context);
    expect(jobs()).toHaveLength(0);
    room.clock.advance(5 * MINUTE);
    await room.feedTick.run(context);
    expect(jobs()).toHaveLength(1);
    let release: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      site.pages.set(path, (_, response) => {
        release = () => response.writeHead(200).end(rssOf([]));
        resolve();
      });
    });
    const first = poll(id);
    await asked;
    await expect(poll(id)).rejects.toMatchObject({ code: 'wrong_state' });
    release();
    expect((await first).outcome.status).toBe('ok');
  });

  it.each([
    ['http://127.0.0.2/feed', 'address_refused'],
    ['http://[::1]/feed', 'address_refused'],
    ['http://169.254.169.254/latest', 'address_refused'],
    ['http://2130706434/', 'address_refused'],
    ['ftp://example.org/feed', 'invalid_url'],
    ['feed', 'invalid_url'],
    ['http://me:pw@example.org/', 'invalid_url'],
  ])('refuses %s', async (address, code) => {
    await expect(room.feeds.create(room.publicationId, { url: address })).rejects.toEqual(url(code));
    await expect(room.imports.import(room.publicationId, { url: address })).rejects.toEqual(url(code));
  });

  it('refuses what is no feed, naming the one a page has', async () => {
    site.says(
      '/page',
      '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/real.xml"></head></html>',
    );
    const refused = room.feeds.create(room.publicationId, { url: `${site.url}/page` });
    await expect(refused).rejects.toMatchObject({
      errors: [
        { field: 'url', code: 'not_a_feed', message: `This is a web page. Its feed is ${site.url}/real.xml` },
      ],
    });
    await expect(room.feeds.create(room.publicationId, { url: `${site.url}/nothing` })).rejects.toEqual(
      url('http_status'),
    );
    site.pages.set('/large', (_, response) =>
      response.writeHead(200, { 'content-length': '99999999' }).write('x'),
    );
    await expect(room.feeds.create(room.publicationId, { url: `${site.url}/large` })).rejects.toEqual(
      url('too_large'),
    );
  });

  it('refuses a feed twice, unknown topics and what is no rule', async () => {
    const { id, feed } = await feedOf([]);
    await expect(room.feeds.create(room.publicationId, { url: feed.url })).rejects.toMatchObject({
      code: 'conflict',
      extra: { id },
    });
    const given = { url: feed.url, topics: ['nope'] };
    await expect(room.feeds.create(room.publicationId, given)).rejects.toMatchObject({
      errors: [{ field: 'topics.0' }],
    });
    await expect(
      room.feeds.patch(room.publicationId, id, { categoryTopics: { News: 'nope' } }),
    ).rejects.toMatchObject({ errors: [{ field: 'categoryTopics.News' }] });
    await expect(room.feeds.patch(room.publicationId, id, { everyMinutes: 1 })).rejects.toMatchObject({
      errors: [{ field: 'everyMinutes' }],
    });
    await expect(room.feeds.get(room.publicationId, 'x')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('changes, lists and removes feeds; articles stay', async () => {
    const { id, path } = await feedOf([]);
    site.says(path, rssOf([{ title: 'Stays', path: '/t12' }]));
    await poll(id);
    const [made] = await articlesOf(id);
    const second = `/second-${number}.xml`;
    site.says(second, rssOf([{ title: 'Was there', path: '/t12-b' }]));
    expect(
      await room.feeds.patch(room.publicationId, id, { url: site.url + second, name: 'Second' }),
    ).toMatchObject({ url: site.url + second, name: 'Second' });
    expect((await poll(id)).outcome.counts).toMatchObject({ added: 0, unchanged: 1 });
    expect((await room.feeds.list(room.publicationId)).data[0]).toMatchObject({ id, name: 'Second' });
    await room.feeds.remove(room.publicationId, id);
    await expect(room.feeds.get(room.publicationId, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await room.articles.get(room.publicationId, made?.id ?? '')).toMatchObject({
      title: 'Stays',
      feedId: null,
    });
  });

  describe('pages', () => {
    const words =
      '<p>The ferry stays, the council said on Monday, after a long night of talks at the quay and elsewhere.</p>'.repeat(
        8,
      );
    const page = (head: string) =>
      `<!doctype html><html><head><title>Ferry | The Post</title>${head}</head><body><nav>Menu</nav><article><h1>Ferry</h1>${words}<img src="pier.jpg" alt="pier"></article></body></html>`;
    const html = { 'content-type': 'text/html; charset=utf-8' };

    it('makes a draft of a page, once, that is neither shown nor sent before it is reviewed', async () => {
      const data = {
        '@graph': [
          {
            '@type': 'NewsArticle',
            headline: 'The ferry stays',
            author: [{ name: 'Jo Reed' }, { name: 'Ann Ng' }],
            datePublished: '2026-01-02T03:04:05Z',
          },
        ],
      };
      const head = `<link rel="canonical" href="https://post.example/p1?utm_source=x"><meta property="og:image" content="/i.jpg"><meta property="og:description" content="It &amp; more"><script type="application/ld+json">{broken</script><script type="application/ld+json">${JSON.stringify(data)}</script>`;
      site.says('/p1', page(head), html);
      const draft = await room.imports.import(room.publicationId, { url: `${site.url}/p1` });
      expect(draft).toMatchObject({
        draft: true,
        isNew: true,
        title: 'The ferry stays',
        author: 'Jo Reed, Ann Ng',
        summary: 'It & more',
        url: 'https://post.example/p1',
        imageUrl: `${site.url}/i.jpg`,
        publishedAt: new Date('2026-01-02T03:04:05Z'),
      });
      expect(draft.html).toContain(`${site.url}/pier.jpg`);
      expect(draft.html).not.toContain('Menu');
      expect(await room.imports.import(room.publicationId, { url: `${site.url}/p1` })).toMatchObject({
        id: draft.id,
        isNew: false,
      });
      const asked = site.requests.length;
      expect((await room.imports.import(room.publicationId, { url: 'https://post.example/p1#x' })).id).toBe(
        draft.id,
      );
      expect(site.requests).toHaveLength(asked);

      const listed = async () =>
        (await room.articles.latest(room.publicationId, 50)).some(({ id }) => id === draft.id);
      expect(await listed()).toBe(false);
      await expect(room.articles.getBySlug(room.publicationId, draft.slug)).rejects.toMatchObject({
        code: 'not_found',
      });
      await room.articles.patch(room.publicationId, draft.id, {
        draft: false,
        publishedAt: room.clock.now().toISOString(),
      });
      expect(await listed()).toBe(true);
    });

    it('takes Open Graph where there is no more, and two imports at once for one', async () => {
      site.says(
        '/p2',
        page(
          '<meta property="og:title" content="By og"><meta name="author" content="Ann"><meta property="article:published_time" content="2026-01-02">',
        ),
        html,
      );
      const [a, b] = await Promise.all(
        [1, 2].map(() => room.imports.import(room.publicationId, { url: `${site.url}/p2` })),
      );
      expect(a).toMatchObject({ title: 'By og', author: 'Ann', url: `${site.url}/p2` });
      expect(b?.id).toBe(a?.id);
    });

    it.each([
      ['/p3', '<html><body>nothing</body></html>', html, 'no_article'],
      ['/p4', 'GIF89a', { 'content-type': 'image/gif' }, 'no_article'],
      ['/p5', `<html><body>${'<div>'.repeat(100_000)}x`, html, 'no_article'],
      ['/p6', `<html><body>${'<div>'.repeat(15_000)}x`, html, 'no_article'],
      ['/p7', `<html><title>T</title><article><p>${'word, '.repeat(230_000)}</p>`, html, 'no_article'],
    ])('refuses %s', async (path, body, headers, code) => {
      site.says(path, body, headers);
      await expect(room.imports.import(room.publicationId, { url: site.url + path })).rejects.toEqual(
        url(code),
      );
    });
  });
});
