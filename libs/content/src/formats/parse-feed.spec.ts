import fc from 'fast-check';
import { DomainError } from '#kernel/errors/errors.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { ContentSandboxes, FeedContent } from '../reading/content-sandboxes.js';
import { FetchError } from '../fetching/fetch-error.js';
import { articleOfEntry } from '../feeds/entries/entry-article.js';
import { entryStory } from '../reading/entry-story.js';
import type { FeedEntry } from './feed-document.js';
import { identify } from '../reading/entry-identity.js';
import { parseFeedText } from './parse-feed.js';

const sandboxes = new ContentSandboxes(new Metrics());
const content = new FeedContent(sandboxes.feeds);
afterAll(() => sandboxes.onApplicationShutdown());

const URL_OF_FEED = 'https://post.example/news/feed.xml';
const only = (text: string) => {
  const { entries } = parseFeedText(text, URL_OF_FEED);
  expect(entries).toHaveLength(1);
  return entries[0] as NonNullable<(typeof entries)[0]>;
};
const rss = (item: string, attributes = '') =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" ${attributes}><channel><title>The Post</title><link>https://post.example/</link><item>${item}</item></channel></rss>`;
const atom = (entry: string, attributes = '') =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${attributes}><title>The Post</title><id>urn:p</id><updated>2026-01-01T00:00:00Z</updated><entry>${entry}</entry></feed>`;
const json = (item: object) =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'The Post',
    home_page_url: 'https://post.example/',
    items: [item],
  });

function articleIn(entry: FeedEntry, now: Date) {
  const story = entryStory(entry);
  return story && articleOfEntry(entry, story, [], now);
}

describe('parseFeedText', () => {
  it('reads RSS 2.0', () => {
    const entry = only(
      rss(`<title>The &lt;b&gt;ferry&lt;/b&gt; &amp;amp; the quay</title><link>/ferry?utm_source=rss&amp;id=1#top</link>
        <guid isPermaLink="false">42</guid><pubDate>Sun, 22 Nov 2026 09:00:00 +0100</pubDate><dc:creator>Jo Reed</dc:creator>
        <category>Harbour</category><category>Money</category><description>In short.</description>
        <content:encoded><![CDATA[<p>At length. <img src="pier.jpg"></p>]]></content:encoded>
        <media:content url="/small.jpg" medium="image" width="100"/><media:content url="/large.jpg" medium="image" width="900"/>`),
    );
    expect(entry).toEqual({
      guid: '42',
      url: 'https://post.example/ferry?id=1',
      title: 'The ferry & the quay',
      body: { source: '<p>At length. <img src="pier.jpg"></p>', format: 'html' },
      summary: 'In short.',
      author: 'Jo Reed',
      imageUrl: 'https://post.example/large.jpg',
      categories: ['Harbour', 'Money'],
      publishedAt: new Date('2026-11-22T08:00:00Z'),
      unreadableDate: null,
      baseUrl: 'https://post.example/ferry?id=1',
    });
  });

  it.each([
    [
      '0.91',
      '<rss version="0.91"><channel><title>T</title><link>https://post.example</link><item><title>A</title><link>https://post.example/a</link></item></channel></rss>',
    ],
    [
      '0.92 without a title',
      '<rss version="0.92"><channel><title>T</title><item><description>A &lt;i&gt;story&lt;/i&gt;</description><link>https://post.example/a</link></item></channel></rss>',
    ],
    [
      '0.90',
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel><item><title>A</title><link>https://post.example/a</link></item></rdf:RDF>',
    ],
    [
      '1.0',
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://post.example"><title>T</title></channel><item rdf:about="https://post.example/a"><title>A</title></item></rdf:RDF>',
    ],
    [
      '2.0 with a permalink only',
      '<rss version="2.0"><channel><title>T</title><item><title>A</title><guid>https://post.example/a</guid></item></channel></rss>',
    ],
    [
      'with its DTD',
      '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>T</title><item><title>A</title><link>https://post.example/a</link></item></channel></rss>',
    ],
    [
      'in capitals, after blank lines',
      '\n\n<RSS VERSION="2.0"><CHANNEL><TITLE>T</TITLE><ITEM><TITLE>A</TITLE><LINK>https://post.example/a</LINK></ITEM></CHANNEL></RSS>',
    ],
  ])('reads RSS %s', (_, text) => expect(only(text).url).toBe('https://post.example/a'));

  it.each([
    ['a warning', '<br>\n<b>Warning</b>: strlen() in <b>/srv/x.php</b><br>\n<?xml version="1.0"?>'],
    ['a paragraph', '<p>Notice\n'],
  ])('reads a feed after %s without an end', (_, before) => {
    const feed = rss('<title>A</title><description>&lt;/p>&lt;p>x</description>').replace(/<\?xml.*?\?>/, '');
    expect(only(`${before}${feed}\n<!-- 5 ms -->`).title).toBe('A');
    expect(only(before + atom('<title>A</title>')).title).toBe('A');
  });

  it.each([
    ['a page', `<!doctype html><p>See:<pre>${rss('<title>A</title>')}`],
    ['a page without a type', `<html><p>See:<pre>${rss('<title>A</title>')}`],
    ['a part of one', `<div><br><pre>${rss('<title>A</title>')}</pre></div>`],
    ['a comment', `<br><!-- ${rss('<title>A</title>')} -->`],
    ['a feed that breaks off', `<br>${rss('<title>A</title>').slice(0, -35)}`],
    ['nothing', `<br>${'<rss '.repeat(100_000)}`],
  ])('refuses what only quotes a feed: %s', (_, text) =>
    expect(() => parseFeedText(text, URL_OF_FEED)).toThrow(
      expect.objectContaining({ code: 'not_a_feed' }) as Error,
    ),
  );

  const LONG = `https://long.example/${'x'.repeat(2_000)}/`;
  it.each([
    ['JSON Feed', json({ id: 1, title: 'A', content_html: 'x' }).replace('https://post.example/', LONG)],
    ['xml:base', atom('<id>1</id><title>A</title>', `xml:base="${LONG}"`)],
    ['the channel', rss('<title>A</title>').replace('https://post.example/', LONG)],
  ])('takes no base from %s that is longer than a URL', (_, text) =>
    expect(only(text).baseUrl).toBe(URL_OF_FEED),
  );

  it('reads Atom, with its kinds of text and its bases', () => {
    const entry = only(
      atom(
        `<id>urn:1</id><title type="text">1 &lt; 2 and &lt;b></title><link rel="self" href="x"/><link href="one.html"/>
         <link rel="enclosure" type="image/png" href="i.png"/><updated>2026-02-01T00:00:00Z</updated><author><name>Ann</name></author>
         <summary type="text">5 &lt; 6</summary><category term="harbour" label="The Harbour"/>
         <content type="xhtml" xml:lang="en"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello <em>you</em><img src="z.png"/></p></div></content>`,
        'xml:base="https://cdn.example/a/" ',
      ),
    );
    expect(entry).toMatchObject({
      guid: 'urn:1',
      url: 'https://cdn.example/a/one.html',
      title: '1 < 2 and <b>',
      summary: '5 &lt; 6',
      author: 'Ann',
      imageUrl: 'https://cdn.example/a/i.png',
      categories: ['harbour', 'The Harbour'],
      baseUrl: 'https://cdn.example/a/',
    });
    expect(articleIn(entry, new Date())?.body).toContain('src="https://cdn.example/a/z.png"');
  });

  it('reads JSON Feed', () => {
    const entry = only(
      json({
        id: 7,
        url: '/a',
        title: 'A',
        content_text: 'One.\n\nTwo < three.',
        summary: 'S < T',
        tags: ['x'],
        image: '/i.png',
        date_published: '2026-01-01T00:00:00Z',
        authors: [{ name: 'Jo' }],
      }),
    );
    expect(entry).toMatchObject({
      guid: '7',
      url: 'https://post.example/a',
      body: { format: 'text' },
      imageUrl: 'https://post.example/i.png',
      author: 'Jo',
    });
    expect(articleIn(entry, new Date())).toMatchObject({
      body: 'One.\n\nTwo < three.',
      summary: 'S < T',
      format: 'text',
    });
  });

  it('makes relative links absolute by xml:base, then the channel, then the feed', () => {
    const body = '<title>A</title><description>&lt;img src="p.png"&gt;</description>';
    const source = (text: string) => articleIn(only(text), new Date())?.body;
    expect(source(rss(body, 'xml:base="https://b.example/x/"'))).toContain('https://b.example/x/p.png');
    expect(source(rss(body))).toContain('https://post.example/p.png');
    expect(source(rss(body).replace(/<link>.*<\/link>/, ''))).toContain('https://post.example/news/p.png');
  });

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '<html><body>no</body></html>',
    '<rss version="2.0"><channel><title>half',
    '{"version":"https://jsonfeed.org/version/1","title":"x","items":' + '['.repeat(100_000),
    '{"a":'.repeat(100_000),
  ])('refuses %.60j', (text) =>
    expect(() => parseFeedText(text, URL_OF_FEED)).toThrow(
      expect.objectContaining({ code: 'not_a_feed' }) as Error,
    ),
  );

  it('expands no entities of a DTD, and reads no files', () => {
    const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
    const dtd = `<!DOCTYPE rss [<!ENTITY l0 "lol">${lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    const text = dtd + rss('<title>T &l9; &f;</title>').slice('<?xml version="1.0"?>'.length);
    try {
      expect(only(text).title.length).toBeLessThan(100);
    } catch (error) {
      expect(error).toMatchObject({ code: 'not_a_feed' });
    }
  });
});

describe('what an entry becomes', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  const article = (item: string) => articleIn(only(rss(item)), now);

  it.each([
    ['<title><![CDATA[<script>alert(1)</script>Ferry]]></title>', 'Ferry'],
    ['<title>List&lt;String> in Java</title>', 'List<String> in Java'],
    ['<title>AT&amp;T &amp;#8211; again</title>', 'AT&T – again'],
    ['<title>5 &lt; 6 &amp; 7 > 2</title>', '5 < 6 & 7 > 2'],
    ['<title>The &lt;iframe> element</title>', 'The <iframe> element'],
    ['<title>&lt;iframe src="x">&lt;/iframe>Ferry</title>', 'Ferry'],
    ['<title>&lt;time datetime="2026">Today&lt;/time>: &lt;ins>ferry&lt;/ins></title>', 'Today: ferry'],
    ['<title>&lt;blink>Ferry&lt;/blink> sunk</title>', 'Ferry sunk'],
    ['<title>\n Two\n lines\t</title>', 'Two lines'],
    ['<description>&lt;p&gt;No title. But words.&lt;/p&gt;</description>', 'No title'],
    [`<title>${'word '.repeat(1000)}</title>`, expect.stringMatching(/^(?:word ?){50,60}…$/) as string],
  ])('%.60s: its title', (item, title) => expect(article(item)?.title).toEqual(title));

  it('gives what has a title and nothing else its title as a body, and makes nothing of nothing', () => {
    expect(article('<title>Ferry sunk</title><link>https://post.example/a</link>')).toMatchObject({
      body: 'Ferry sunk',
      format: 'text',
    });
    expect(article('<link>https://post.example/a</link>')).toBeNull();
    expect(article('<title> </title><description>&lt;script&gt;x&lt;/script&gt;</description>')).toBeNull();
  });

  it('dates what has no date, a bad one or one to come now', () => {
    for (const date of ['', 'soon', 'Sun, 22 Nov 2099 09:00:00 GMT']) {
      expect(article(`<title>A</title><pubDate>${date}</pubDate>`)?.publishedAt).toEqual(now);
    }
    expect(article('<title>A</title><pubDate>Sat, 21 Nov 2026 09:00:00 GMT</pubDate>')?.publishedAt).toEqual(
      new Date('2026-11-21T09:00:00Z'),
    );
  });

  it('takes out of a title what would turn round the words after it', () => {
    expect(only(rss('<title>&#x202e;evil &#x2067;b &#x200f;ok</title>')).title).toBe('evil b \u200fok');
  });

  it('keeps nothing that runs', () => {
    const made = article(
      '<title>A</title><description><![CDATA[<p onclick="x()">Hi<script>x()</script><img src="javascript:x()"><a href="javascript:x()">y</a></p>]]></description>',
    );
    expect(made?.body).toBe('<p>Hi<a>y</a></p>');
  });
});

describe('identify', () => {
  const entriesOf = (...items: string[]) =>
    parseFeedText(rss(items.join('</item><item>')), URL_OF_FEED).entries;

  it('knows an entry by its GUID, whatever else changes', () => {
    const [a] = identify(
      entriesOf('<guid isPermaLink="false">1</guid><title>A</title><link>https://post.example/a</link>'),
    );
    const [b] = identify(
      entriesOf('<guid isPermaLink="false">1</guid><title>B</title><link>https://post.example/b</link>'),
    );
    expect(b?.guidHash).toBe(a?.guidHash);
    expect(b?.contentHash).not.toBe(a?.contentHash);
  });

  it('takes the URL where a GUID stands for several stories, and the first of two that are the same', () => {
    const found = identify(
      entriesOf(
        '<guid>https://post.example/</guid><title>A</title><link>https://post.example/a</link>',
        '<guid>https://post.example/</guid><title>B</title><link>https://post.example/b</link>',
        '<guid isPermaLink="false">9</guid><title>C</title>',
        '<guid isPermaLink="false">9</guid><title>C again</title>',
        '<title>D</title><link>https://post.example/d?utm_source=x</link>',
        '<title>D again</title><link>https://post.example/d</link>',
      ),
    );
    expect(found.map(({ entry }) => entry.title)).toEqual(['A', 'B', 'C', 'D']);
    expect(found.map(({ guidHash }) => guidHash === null)).toEqual([true, true, false, true]);
  });

  it('does not take a new date for a change', () => {
    const at = (date: string) =>
      identify(entriesOf(`<title>A</title><link>https://post.example/a</link><pubDate>${date}</pubDate>`))[0]
        ?.contentHash;
    expect(at('Sun, 22 Nov 2026 09:00:00 GMT')).toBe(at('Sun, 22 Nov 2026 09:30:00 GMT'));
  });
});

describe('feeds at random', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  /** Never anything but a feed or a refusal, and soon. */
  const survives = (text: string) => {
    const start = performance.now();
    try {
      for (const { entry } of identify(parseFeedText(text, URL_OF_FEED).entries)) articleIn(entry, now);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'not_a_feed' && code !== 'invalid_input') throw error;
    }
    return performance.now() - start < 5_000;
  };
  const tag = fc.constantFrom(
    'item',
    'title',
    'link',
    'guid',
    'description',
    'content:encoded',
    'pubDate',
    'category',
    'media:content',
    'dc:date',
    'enclosure',
    'channel',
    'entry',
    'a',
    'p',
    'constructor',
    'toString',
  );
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '&amp;',
      '&#xD800;',
      '&#0;',
      '<![CDATA[',
      ']]>',
      '<!--',
      '<?x',
      'https://x.example/',
      '\0',
      '\ud800',
      '<',
      '>',
    ),
  );
  const element: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      words,
      fc
        .tuple(tag, fc.array(tie('node'), { maxLength: 4 }), words, fc.boolean())
        .map(
          ([name, inner, attribute, closed]) =>
            `<${name} url="${attribute}">${inner.join('')}${closed ? `</${name}>` : ''}`,
        ),
    ),
  })).node;

  it('survives made-up elements', () => {
    fc.assert(
      fc.property(element, (inner) => survives(rss(inner)) && survives(atom(inner))),
      { numRuns: 300 },
    );
  });

  it('survives damage to a good feed', () => {
    const good = rss(
      '<title>A &amp; B</title><guid>1</guid><link>https://post.example/a</link><description><![CDATA[<p>x</p>]]></description><pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate>',
    );
    const damage = fc.tuple(fc.nat(good.length), fc.nat(20), words);
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 5 }), (cuts) => {
        const text = cuts.reduce(
          (all, [at, length, put]) => all.slice(0, at) + put + all.slice(at + length),
          good,
        );
        return survives(text);
      }),
      { numRuns: 500 },
    );
  });

  it('survives any JSON in a JSON Feed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue(), (item, other) =>
        [
          { items: item },
          { items: [item, { id: other, content_html: other, url: item, tags: item, authors: other }] },
        ].every((part) =>
          survives(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: other, ...part })),
        ),
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['open elements', rss('<description>' + '<a>'.repeat(200_000))],
    [
      'nested elements',
      rss(`<title>x</title><description>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}</description>`),
    ],
    ['nested HTML', rss(`<title>x</title><description><![CDATA[${'<div>'.repeat(40_000)}]]></description>`)],
    ['entities', rss(`<title>${'&amp;'.repeat(200_000)}</title>`)],
    ['brackets in a title', rss(`<title><![CDATA[${'<b '.repeat(200_000)}]]></title>`)],
    ['spaces', rss(`<title>x${' '.repeat(500_000)}y</title><pubDate>${' '.repeat(500_000)}</pubDate>`)],
    [
      'attributes',
      rss(`<enclosure ${Array.from({ length: 50_000 }, (_, n) => `a${n}="x"`).join(' ')}/><title>x</title>`),
    ],
    ['comments', rss('<!--'.repeat(100_000))],
    ['many items', rss(Array.from({ length: 3_000 }, (_, n) => `<title>${n}</title>`).join('</item><item>'))],
    ['quotes that do not end', `{"version":${'\\\\"'.repeat(200_000)}`],
    ['a string that does not end', `{"version":"${'\\\\"'.repeat(200_000)}`],
  ])('is not held up by %s', async (_, text) => {
    const read = content.feed({ bytes: new TextEncoder().encode(text), url: URL_OF_FEED });
    const { entries } = await read.catch((error: unknown) => {
      if (error instanceof FetchError) return { entries: [] };
      throw error;
    });
    for (const { entry } of entries.slice(0, 1)) {
      await content.entry(entry).catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
      });
    }
  });

  it('reads a JSON Feed with one very long string', () => {
    const item = { id: '1', title: 'x', content_text: 'x'.repeat(9_000_000) };
    const feed = { version: 'https://jsonfeed.org/version/1.1', title: 'T', items: [item] };
    expect(parseFeedText(JSON.stringify(feed), URL_OF_FEED).entries).toHaveLength(1);
  });
});
