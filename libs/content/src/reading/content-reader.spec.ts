import { Metrics } from '#kernel/observing/metrics.js';
import { ContentSandboxes, GivenContent } from './content-sandboxes.js';
import { SandboxError, type SandboxReason } from '#kernel/sandbox/sandbox-error.js';
import type { Sandbox } from '#kernel/sandbox/sandbox.js';
import { ContentReader, isLimit } from './content-reader.js';
import type { ContentTasks } from './content-tasks.js';
import type { FeedEntry } from '../formats/feed-document.js';

const sandboxes = new ContentSandboxes(new Metrics());
const content = new GivenContent(sandboxes.given);
afterAll(() => sandboxes.onApplicationShutdown());

const bytes = (text: string) => new TextEncoder().encode(text);
const url = 'https://news.example.org/feed';
const rss = (items: string) => `<rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;
const entry = (source: string): FeedEntry => ({
  guid: '1',
  url: null,
  title: 'T',
  summary: null,
  author: null,
  imageUrl: null,
  categories: [],
  publishedAt: null,
  unreadableDate: null,
  baseUrl: url,
  body: { source, format: 'html' },
});

test('reads a feed, a page and a story as the functions do, with dates', async () => {
  const feed = await content.feed({
    bytes: bytes(rss('<item><title>One</title><pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate></item>')),
    contentType: 'application/rss+xml',
    url,
  });
  expect(feed.entries).toMatchObject([
    { entry: { title: 'One', publishedAt: new Date('2026-11-24T10:00:00Z') } },
  ]);
  const html = `<html><head><title>Lamp</title></head><body><article><h1>Lamp</h1>${'<p>The lamp is lit again, and the harbour has its light.</p>'.repeat(9)}<script>x</script></article></body></html>`;
  const page = await content.page({ bytes: bytes(html), contentType: 'text/html', url });
  expect(page).toMatchObject({ title: 'Lamp', url });
  expect(page.html).not.toContain('script');
  const story = await content.body({ source: '**Lit.** Again.', format: 'markdown' });
  expect(story).toEqual({
    html: '<p><strong>Lit.</strong> Again.</p>',
    text: 'Lit. Again.',
    summary: 'Lit. Again.',
  });
  expect(await content.entry(entry('<p>a</p>'))).toMatchObject({
    title: 'T',
    body: '<p>a</p>',
    format: 'html',
  });
});

test.each<[SandboxReason, string]>([
  ['busy', 'Too much is being read at once. Try again in a moment.'],
  ['died', 'The process that reads ended before it was done. Try again in a moment.'],
])('what is ended by %s is told so, with its cause', async (reason, message) => {
  const cause = new SandboxError('story', reason);
  const reader = new ContentReader({ run: () => Promise.reject(cause) } as unknown as Sandbox<ContentTasks>);
  const error: unknown = await reader.body({ source: 'a', format: 'text' }).catch((its: unknown) => its);
  expect(error).toMatchObject({ code: 'unavailable', message, cause, retryAfter: 10 });
});

test('of a feed with very many entries the newest come', async () => {
  const many = rss(Array.from({ length: 50_000 }, (_, n) => `<item><guid>${n}</guid></item>`).join(''));
  const { entries, omitted } = await content.feed({ bytes: bytes(many), contentType: 'text/xml', url });
  expect([entries.length, omitted]).toEqual([2_000, 48_000]);
  expect(entries[0]).toMatchObject({ entry: { guid: '0' }, contentHash: expect.any(String) as string });
});

test('what is no feed or no article is refused in words', async () => {
  await expect(content.feed({ bytes: bytes('hello'), url })).rejects.toMatchObject({ code: 'not_a_feed' });
  await expect(content.page({ bytes: bytes('<p>x</p>'), url })).rejects.toMatchObject({ code: 'no_article' });
  const tags = content.body({ source: '<b>'.repeat(60_000), format: 'html' });
  await expect(tags).rejects.toMatchObject({ errors: [{ field: 'body', code: 'too_complex' }] });
});

test.each([
  ['a span of a hundred thousand columns', '<table><tr><td colspan=100000>a'],
  ['a cell of 144 million', '<table><tr><td colspan=12000 rowspan=12000>a'],
  ['a negative span', '<table><tr><td colspan=-5>a'],
  ['a list that starts late in Roman numerals', '<ol type=i start=9000000><li>a</ol>'],
])('%s is a story like any other', async (_, source) => {
  const story = await content.body({ source, format: 'html' });
  expect(story.text).toContain('a');
});

test('what takes too long is ended, and the next is served', async () => {
  const many = rss('<item><guid/></item>'.repeat(400_000));
  const fetched = { bytes: bytes(many), contentType: 'text/xml', url };
  await expect(content.feed(fetched)).rejects.toMatchObject({ code: 'too_large' });
  const rows = `<table>${'<tr><td rowspan=9 colspan=9>a<td>b'.repeat(9_900)}`;
  const slow = await content.body({ source: rows, format: 'html' }).then(
    () => null,
    (error: unknown) => error,
  );
  if (slow) expect(isLimit(slow)).toBe(true);
  expect(await content.body({ source: 'ok', format: 'text' })).toMatchObject({ text: 'ok' });
});
