import { Metrics } from '#kernel/observing/metrics.js';
import { ContentSandboxes, GivenContent } from './content-sandboxes.js';
import { storyOfPage } from './page-story.js';
import { structuredData } from './structured-data.js';

const sandboxes = new ContentSandboxes(new Metrics());
const content = new GivenContent(sandboxes.given);
afterAll(() => sandboxes.onApplicationShutdown());

const URL_OF_PAGE = 'https://post.example/news/ferry?utm_source=x';
const WORDS =
  '<p>The ferry stays, the council said on Monday, after a long night of talks at the quay and elsewhere.</p>';
const page = (head: string, body = WORDS.repeat(8)) =>
  `<!doctype html><html><head><title>Ferry</title>${head}</head><body><article>${body}</article></body></html>`;
const story = (head: string, body?: string) => storyOfPage(page(head, body), URL_OF_PAGE);

describe('storyOfPage', () => {
  it('makes do with a title and words', () => {
    expect(story('')).toMatchObject({
      url: 'https://post.example/news/ferry',
      title: 'Ferry',
      baseUrl: URL_OF_PAGE,
      author: null,
      imageUrl: null,
      publishedAt: null,
    });
  });

  it.each([
    ['<link rel="canonical" href="/a">', 'https://post.example/a'],
    ['<meta property="og:url" content="https://post.example/b">', 'https://post.example/b'],
    ['<base href="https://cdn.example/x/"><link rel="canonical" href="c">', 'https://cdn.example/x/c'],
    ['<link rel="canonical" href="javascript:alert(1)">', 'https://post.example/news/ferry'],
  ])('%s: its URL', (head, url) => expect(story(head).url).toBe(url));

  it.each([
    ['<meta name="author" content="Jo &amp; Ann">', 'Jo & Ann'],
    ['<meta property="article:author" content="https://post.example/people/jo">', null],
    ['<script type="application/ld+json">{"@type":["NewsArticle"],"author":{"name":"Jo"}}</script>', 'Jo'],
    [
      '<script type="application/ld+json">[{"@type":"WebSite"},{"@type":"BlogPosting","author":["A",{"name":"B"},7]}]</script>',
      'A, B',
    ],
  ])('%s: its author', (head, author) => expect(story(head).author).toBe(author));

  it('takes no base that is longer than a URL', () => {
    expect(story(`<base href="https://cdn.example/${'x'.repeat(2_000)}/">`).baseUrl).toBe(URL_OF_PAGE);
  });

  it('has the pictures that a script would put in', () => {
    const lazy = '<img src="data:," class="lazy"><noscript><img src="/pier.jpg"></noscript>';
    expect(story('', `${WORDS.repeat(6)}<figure>${lazy}</figure>${WORDS.repeat(6)}`).html).toContain(
      'pier.jpg',
    );
  });

  it('has no address in its byline', () => {
    expect(story('<meta name="author" content="Jo Reed (jo@post.example)">').author).toBe('Jo Reed');
  });

  it.each([
    ['deep', '<div>'.repeat(15_000)],
    ['long', '<br>'.repeat(60_000)],
    ['slow for its blanks', `<p style="display:none${' '.repeat(3_000_000)}">${WORDS}</p>`],
    ['slow for its attributes', `<p ${Array.from({ length: 400_000 }, (_, n) => `a${n}=1`).join(' ')}>x</p>`],
  ])('refuses what is too %s, soon', async (_, body) => {
    const read = content.page({ bytes: new TextEncoder().encode(page('', body)), url: URL_OF_PAGE });
    await expect(read).rejects.toMatchObject({
      code: expect.stringMatching(/no_article|too_large/) as string,
    });
  });
});

describe('structuredData', () => {
  it.each([
    '',
    '{',
    'null',
    '7',
    '[]',
    '{"@type":"Person"}',
    '{"@graph":[[[[[[[[[[{"@type":"Article"}]]]]]]]]]]}',
  ])('finds nothing in %s', (script) => expect(structuredData([script])).toEqual({}));
  it('passes a broken script over', () => {
    const good =
      '{"mainEntity":{"@type":"Article","headline":"H","image":[{"url":"i.png"}],"datePublished":7}}';
    expect(structuredData(['{broken', good])).toEqual({ headline: 'H', image: 'i.png' });
  });
});
