import { entryStory } from '../reading/entry-story.js';
import { parseFeedText } from './parse-feed.js';

const URL_OF_FEED = 'https://post.example/news/feed.xml';
const SPACES = [
  'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
  'xmlns:media="http://search.yahoo.com/mrss/"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:dcterms="http://purl.org/dc/terms/"',
  'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
  'xmlns:a="http://www.w3.org/2005/Atom"',
].join(' ');
const rss = (item: string, channel = '') =>
  `<rss version="2.0" ${SPACES}><channel><title>T</title>${channel}<item>${item}</item></channel></rss>`;
const atom = (entry: string, feed = '') =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${SPACES}><title>T</title>${feed}<entry>${entry}</entry></feed>`;
const json = (item: object, more: object = {}) =>
  JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'T', items: [item], ...more });
const only = (text: string) => parseFeedText(text, URL_OF_FEED).entries[0]!;
const article = (text: string) => entryStory(only(text));

describe('the byline of an entry', () => {
  const feedAuthor = '<author><name>The Desk</name><email>desk@post.example</email></author>';
  it.each([
    ['RSS author', rss('<author>jo@post.example (Jo)</author>'), 'Jo'],
    [
      'RSS author that is an address only',
      rss('<author>jo@post.example</author><dc:creator>Jo</dc:creator>'),
      'Jo',
    ],
    ['several creators', rss('<dc:creator>Jo</dc:creator><dc:creator>Ann</dc:creator>'), 'Jo, Ann'],
    ['an empty creator', rss('<dc:creator></dc:creator><author>Jo</author>'), 'Jo'],
    ['a podcast', rss('<itunes:author>Jo</itunes:author>'), 'Jo'],
    ['Atom in RSS', rss('<a:author><a:name>Jo</a:name></a:author>'), 'Jo'],
    ['a creator without a prefix', rss('<creator>Jo</creator>'), 'Jo'],
    ['a byline', rss('<byline>Jo</byline><author>desk@post.example</author>'), 'Jo'],
    [
      'a credit',
      rss(
        '<media:content url="/p.jpg"><media:credit role="photographer">Lee</media:credit><media:credit role="author">Jo</media:credit></media:content>',
      ),
      'Jo',
    ],
    ['nobody', rss('<title>A</title>', '<managingEditor>desk@post.example (Desk)</managingEditor>'), null],
    [
      'Atom',
      atom('<author><name>Jo</name></author><author><name>Ann</name></author>', feedAuthor),
      'Jo, Ann',
    ],
    ['the whole Atom feed', atom('<title>A</title>', feedAuthor), 'The Desk'],
    [
      'an Atom author without a name',
      atom('<author><email>a@b.example</email><name/></author>', feedAuthor),
      'The Desk',
    ],
    ['a source in Atom', atom('<source><author><name>Wire</name></author></source>', feedAuthor), 'Wire'],
    ['a creator in Atom', atom('<dc:creator>Jo</dc:creator>', feedAuthor), 'Jo'],
    [
      'JSON Feed 1.1',
      json({ id: '1', authors: [{ name: 'Jo' }, { url: 'https://a.example' }, { name: 'Ann' }] }),
      'Jo, Ann',
    ],
    ['JSON Feed 1.0', json({ id: '1', author: { name: 'Jo' } }), 'Jo'],
    ['a whole JSON feed', json({ id: '1', authors: [] }, { authors: [{ name: 'Desk' }] }), 'Desk'],
    ['a whole JSON feed 1.0', json({ id: '1' }, { author: { name: 'Desk' } }), 'Desk'],
  ])('%s', (_, text, author) => expect(only(text).author).toBe(author));
});

describe('the categories of an entry', () => {
  it.each([
    ['escaped once too often', rss('<category><![CDATA[Food &amp; Drink]]></category>'), ['Food & Drink']],
    ['with markup', rss('<category>&lt;b>Food&lt;/b></category>'), ['Food']],
    ['with markup that is not escaped', rss('<category><p>Food</p></category>'), ['Food']],
    ['with its own text and an element', rss('<category>Food<url>x</url></category>'), ['Food']],
    ['in an attribute', rss('<category term="food"/><category label="Drink"/>'), ['food', 'Drink']],
    ['of Atom in RSS', rss('<a:category term="food" label="Food"/>'), ['food', 'Food']],
    [
      'of Media RSS',
      rss('<media:content url="/p.jpg"><media:category label="Food">a/b</media:category></media:content>'),
      ['a/b', 'Food'],
    ],
    [
      'as keywords',
      rss(
        '<itunes:keywords>food, drink,</itunes:keywords><itunes:keywords text="ferry"/><media:keywords>quay</media:keywords>',
      ),
      ['food', 'drink', 'ferry', 'quay'],
    ],
    [
      'in a list',
      rss('<category>food,drink,the quay</category>'),
      ['food,drink,the quay', 'food', 'drink', 'the quay'],
    ],
    ['with a comma in it', rss('<category>Food, Drink, Quay</category>'), ['Food, Drink, Quay']],
    ['of Atom', atom('<category term="R&amp;amp;D"/><category>Food</category>'), ['R&D', 'Food']],
    ['of JSON Feed', json({ id: '1', tags: ['Food &amp; Drink', ' ', 7, null] }), ['Food & Drink', '7']],
    ['none', rss('<category/><category> </category><category><br/></category>'), []],
  ])('%s', (_, text, categories) => expect(only(text).categories).toEqual(categories));

  it('are no more than anything has', () => {
    expect(only(rss('<category>&lt;b>x&lt;/b></category>'.repeat(5_000))).categories).toHaveLength(100);
  });
});

describe('the body of an entry', () => {
  const xhtml = (inner: string) =>
    atom(
      `<title>A</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">${inner}</div></content>`,
    );
  it.each([
    [
      'XHTML after what has no content',
      xhtml('<p>one</p><iframe src="v"/><script/><p>two</p>'),
      '<p>one</p><p>two</p>',
    ],
    ['XHTML with entities', xhtml('<p>1 &lt; 2 &amp;&nbsp;3</p>'), '<p>1 &lt; 2 &amp;\u00a03</p>'],
    [
      'XHTML with a prefix',
      atom(
        '<title>A</title><content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>one</x:p></x:div></content>',
      ),
      '<p>one</p>',
    ],
    [
      'XHTML in RSS',
      rss('<title>A</title><body xmlns="http://www.w3.org/1999/xhtml"><p>one</p></body>'),
      '<p>one</p>',
    ],
    [
      'markup that is not escaped',
      rss('<title>A</title><description>a <b>b</b></description>'),
      'a <b>b</b>',
    ],
    [
      'Atom 0.3',
      atom('<title>A</title><content type="text/html" mode="escaped">&lt;p>one&lt;/p></content>'),
      '<p>one</p>',
    ],
    [
      'Atom 0.3 in base64',
      atom(`<title>A</title><content type="text/html" mode="base64">${btoa('<p>one</p>')}</content>`),
      '<p>one</p>',
    ],
    ['HTML that is not called so', atom('<title>A</title><summary>&lt;p>one&lt;/p></summary>'), '<p>one</p>'],
    ['text that has angle brackets', atom('<title>A</title><summary>1 &lt; 2</summary>'), '1 < 2'],
    ['text that is called so', atom('<title>A</title><summary type="text">&lt;p></summary>'), '<p>'],
    [
      'text of another kind',
      atom('<title>A</title><content type="text/markdown">*one* &lt;p></content>'),
      '*one* <p>',
    ],
    ...['plain', 'escaped', 'application/html', 'Html'].map((type): [string, string, string] => [
      `HTML that is called ${type}`,
      atom(`<title>A</title><content type="${type}">&lt;p>one&lt;/p></content>`),
      '<p>one</p>',
    ]),
    [
      'XHTML beside its div',
      atom('<title>A</title><content type="xhtml"><div><p>one</p></div> two</content>'),
      '<div><p>one</p></div> two',
    ],
    [
      'HTML that was escaped twice',
      rss(
        '<title>A</title><description>&amp;lt;p class="x"&amp;gt;one &amp;amp;amp; two&amp;lt;/p&amp;gt;</description>',
      ),
      '<p>one &amp; two</p>',
    ],
    [
      'HTML that speaks of HTML',
      rss('<title>A</title><description>&amp;lt;p&amp;gt; is a paragraph</description>'),
      '&lt;p&gt; is a paragraph',
    ],
    [
      'the whole for a search engine',
      rss(
        '<title>A</title><description>one</description><y:full-text xmlns:y="http://news.yandex.ru">one two three</y:full-text>',
      ),
      'one two three',
    ],
    ['a picture only', atom('<title>A</title><content type="image/png">AAAA</content>'), 'A'],
    ...[
      'media:description',
      'itunes:summary',
      'itunes:subtitle',
      'dc:description',
      'dcterms:abstract',
      'a:content',
      'a:summary',
    ].map((name): [string, string, string] => [
      `only ${name}`,
      rss(`<title>A</title><${name}>one</${name}>`),
      'one',
    ]),
    [
      'only a description within a media group',
      atom('<title>A</title><media:group><media:description>one</media:description></media:group>'),
      'one',
    ],
    [
      'a whole that is less than its part',
      rss('<title>A</title><description>all of it</description><content:encoded>&lt;hr></content:encoded>'),
      'all of it',
    ],
    ['JSON Feed with a summary only', json({ id: '1', title: 'A', summary: 'one' }), 'one'],
  ])('%s', (_, text, body) => expect(article(text)?.body).toBe(body));

  it.each(['&amp;lt;p ', '&amp;gt;', '&amp;lt;/', '&amp;gt;&amp;lt;/a'])('is not held up by %s', (part) => {
    const text = rss(`<title>A</title><description>&amp;lt;p ${part.repeat(100_000)}</description>`);
    const start = performance.now();
    only(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('the summary of an entry', () => {
  const summary = (item: string) => only(rss(`<title>A</title>${item}`)).summary;
  it.each([
    [
      'its description',
      '<description>In short.</description><content:encoded>At length, and more.</content:encoded>',
      'In short.',
    ],
    [
      'none where both are the same',
      '<description>One &lt;b>two&lt;/b> three.</description><itunes:summary>One two three.</itunes:summary>',
      null,
    ],
    [
      'what else is told',
      '<description>One two three.</description><itunes:summary>Four five.</itunes:summary>',
      'Four five.',
    ],
    [
      'no caption',
      '<description>One two three.</description><media:description>Four five.</media:description>',
      null,
    ],
    [
      'the short one of several',
      '<description>Short.</description><itunes:summary>This one is longer.</itunes:summary>',
      'Short.',
    ],
    [
      'the words, when the whole is a script',
      '<description>One two.</description><content:encoded>&lt;script>var a = "b c d e f"&lt;/script></content:encoded>',
      null,
    ],
  ])('is %s', (_, item, text) => expect(summary(item)).toBe(text));
});

describe('relative links', () => {
  const body = (text: string) => article(text)?.body;
  const picture = '&lt;img src="p.png"&gt;';
  it.each([
    [
      'the content',
      atom(`<title>A</title><content type="html" xml:base="https://c.example/c/">${picture}</content>`),
      'https://c.example/c/p.png',
    ],
    [
      'the summary',
      atom(`<title>A</title><summary type="html" xml:base="/s/">${picture}</summary>`),
      'https://post.example/s/p.png',
    ],
    [
      'the content within the entry',
      atom(`<title>A</title><content type="html" xml:base="c/">${picture}</content>`).replace(
        '<entry>',
        '<entry xml:base="https://e.example/e/">',
      ),
      'https://e.example/e/c/p.png',
    ],
    [
      'XHTML’s div',
      atom(
        '<title>A</title><content type="xhtml"><div xml:base="https://d.example/"><img src="p.png"/></div></content>',
      ),
      'https://d.example/p.png',
    ],
    [
      'RSS’s description',
      rss(
        `<title>A</title><link>https://post.example/a</link><description xml:base="https://r.example/">${picture}</description>`,
      ),
      'https://r.example/p.png',
    ],
    [
      'the entry’s page, without one',
      atom(`<title>A</title><link href="/2026/a/"/><content type="html">${picture}</content>`),
      'https://post.example/2026/a/p.png',
    ],
  ])('by xml:base of %s', (_, text, src) => expect(body(text)).toContain(`src="${src}"`));

  it('resolves each link of an entry by its own base', () => {
    expect(only(atom('<link xml:base="https://l.example/" href="a"/>')).url).toBe('https://l.example/a');
  });
});

describe('what is an entry', () => {
  it('does not mistake a feed that quotes another', () => {
    const quoted =
      '<title>How to write a feed</title><description><![CDATA[<feed xmlns="http://www.w3.org/2005/Atom"><entry>]]></description>';
    expect(only(rss(quoted)).title).toBe('How to write a feed');
    expect(
      only(atom('<title>A</title><content type="html">&lt;rss version="2.0">&lt;channel></content>')).title,
    ).toBe('A');
    const literal = atom(
      '<title>A</title><content type="xhtml"><div><rss><channel><item><title>B</title></item></channel></rss></div></content>',
    );
    expect(parseFeedText(literal, URL_OF_FEED).entries.map(({ title }) => title)).toEqual(['A']);
  });

  it.each([
    [
      'RSS 1.1',
      '<Channel xmlns="http://purl.org/net/rss1.1#"><title>T</title><items><item><title>A</title></item></items></Channel>',
    ],
    [
      'items beside the channel',
      '<rss><channel><title>T</title></channel><item><title>A</title></item></rss>',
    ],
    ['a server’s warning before it', `<br />\n<b>Warning</b>: x\n${rss('<title>A</title>')}`],
    ['a feed without its last end tags', rss('<title>A</title>').replace('</channel></rss>', '')],
    ['an item without its end tag', rss('<title>A</title>').replace('</item>', '')],
    ['a title without its end tag', rss('<title>A<guid>1</guid>').replace('<guid>1</guid>', '')],
    ['JSON with line breaks in it', json({ id: '1', title: 'A' }).replace('"A"', '"\nA"')],
  ])('reads %s', (_, text) => expect(only(text).title).toBe('A'));

  it('refuses what breaks off in a story', () => {
    const text = rss('<title>A</title><description>half').split('</item>')[0]!;
    expect(() => only(text)).toThrow(/breaks off in <description>/);
  });

  it('has its first texts when it has far too many', () => {
    expect(
      only(rss('<title>A</title>' + '<description>one</description>'.repeat(200_000))).body?.source,
    ).toBe('one');
  });

  it('knows an RDF item by what it is about', () => {
    const about = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" ${SPACES} xmlns="http://purl.org/rss/1.0/"><item rdf:about="https://post.example/a"><dc:identifier>doi:1</dc:identifier></item></rdf:RDF>`;
    expect(only(about)).toMatchObject({ guid: 'https://post.example/a', url: 'https://post.example/a' });
  });

  it('knows an address of another name, and the relations of links', () => {
    expect(
      only(
        atom(
          '<link rel="self" href="/s"/><link rel="http://www.iana.org/assignments/relation/alternate" href="/a"/>',
        ),
      ).url,
    ).toBe('https://post.example/a');
    expect(only(rss('<a:link rel="enclosure" href="/e.mp3"/><a:link href="/a"/>')).url).toBe(
      'https://post.example/a',
    );
    expect(only(rss('<guid isPermaLink="False">https://post.example/g</guid>')).url).toBeNull();
  });

  it.each([
    ['escaped once too often', rss('<link><![CDATA[https://post.example/?a=1&amp;b=2&#038;c=3]]></link>')],
    ['without its protocol', rss('<link>www.post.example/?a=1&amp;b=2&amp;c=3</link>')],
    [
      'in its id, beside links to other things',
      atom('<id>https://post.example/?a=1&amp;b=2&amp;c=3</id><link rel="edit" href="/e"/>'),
    ],
    [
      'in its id, beside a link to no page',
      atom('<id>https://post.example/?a=1&amp;b=2&amp;c=3</id><link href="tag:post.example,2026:1"/>'),
    ],
    ['in its id in JSON Feed', json({ id: 'https://post.example/?a=1&b=2&c=3' })],
  ])('has its address %s', (_, text) =>
    expect(only(text).url).toMatch(/^https:\/\/(?:www\.)?post\.example\/\?a=1&b=2&c=3$/),
  );

  it('has no address where its id is none, or is not the page that is named', () => {
    expect(only(atom('<id>urn:1</id><link rel="self" href="/s"/>')).url).toBeNull();
    expect(only(atom('<id>https://post.example/i</id><link href="/a"/>')).url).toBe('https://post.example/a');
    expect(only(json({ id: 'https://post.example/i', url: '/a' })).url).toBe('https://post.example/a');
    expect(only(json({ id: '7' })).url).toBeNull();
  });

  it.each([
    [
      'dcterms:issued',
      '<dcterms:modified>2026-02-01</dcterms:modified><dcterms:issued>2026-01-01</dcterms:issued>',
    ],
    ['atom:updated', '<a:updated>2026-01-01T00:00:00Z</a:updated>'],
    ['one that can be read', '<pubDate>soon</pubDate><dc:date>2026-01-01</dc:date>'],
  ])('is dated by %s', (_, item) =>
    expect(only(rss(item))).toMatchObject({ publishedAt: new Date('2026-01-01'), unreadableDate: null }),
  );

  it('says which date can not be read', () => {
    expect(only(rss('<pubDate> next\n Tuesday </pubDate>'))).toMatchObject({
      publishedAt: null,
      unreadableDate: 'next Tuesday',
    });
    expect(only(rss('<title>A</title>')).unreadableDate).toBeNull();
  });
});
