import { htmlIn, looseHtmlIn } from './markup.js';
import { readXml } from './read-xml.js';
import { elementsIn, textIn, type XmlElement } from './xml-element.js';

const rootOf = (text: string): XmlElement => readXml(text, 'https://post.example/feed').roots[0]!;

describe('readXml', () => {
  it.each([
    ['a bare ampersand', '<a>Tom & Jerry &c. &unknown; AT&T</a>', 'Tom & Jerry &c. &unknown; AT&T'],
    ["HTML's entities", '<a>caf&eacute;&nbsp;&#8211;&#x2013;&#150;&amp;lt;</a>', 'café\u00a0–––&lt;'],
    ['CDATA as it is', '<a>&lt;<![CDATA[<b>&amp;]]>&gt;</a>', '<<b>&amp;>'],
    ['an element that is not closed', '<a><b>x<c>y</a>', 'xy'],
    ['an end tag of nothing', '<a>x</b>y</a>', 'xy'],
    ['control characters', '<a>x\u0000\u0008\u001fy</a>', 'xy'],
    ['a mark and blank lines before it', '\ufeff\n\n<?xml version="1.0"?>\n<a>x</a>', 'x'],
    ['comments', '<a>x<!-- <b>no</b> -->y</a>', 'xy'],
    [
      'entities of its own',
      '<!DOCTYPE a [<!ENTITY co "Post &#38; Co"><!ENTITY x "y">]><a>&co; &x;</a>',
      'Post & Co y',
    ],
    ['no entity that holds another', '<!DOCTYPE a [<!ENTITY b "&c;"><!ENTITY c "x">]><a>&b;</a>', '&b;'],
    ['no file', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', '&b;'],
  ])('reads %s', (_, text, words) => expect(textIn(rootOf(text))).toBe(words));

  it.each([
    ['<rss><x:y xmlns:x="http://purl.org/dc/elements/1.1/"/></rss>', 'dc'],
    ['<rss><x:y xmlns:x="https://www.PURL.org/dc/elements/1.1"/></rss>', 'dc'],
    ['<constructor><y/></constructor>', 'rss'],
    ['<rss><dc:y/></rss>', 'dc'],
    ['<rss><y/></rss>', 'rss'],
    ['<rss xmlns="urn:mine"><y/></rss>', 'rss'],
    ['<rss xmlns="http://www.w3.org/2005/Atom"><y/></rss>', 'rss'],
    ['<rss><y xmlns="http://www.w3.org/2005/Atom"/></rss>', 'atom'],
    ['<rss><x:y xmlns:x="urn:mine"/></rss>', 'other'],
    ['<feed><y/></feed>', 'atom'],
    ['<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:y/></a:feed>', 'atom'],
    ['<feed xmlns="http://purl.org/atom/ns#"><y/></feed>', 'atom'],
    [
      '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><y/></r:RDF>',
      'rss',
    ],
    [
      '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><s:y xmlns:s="http://purl.org/rss/1.0/"/></r:RDF>',
      'rss',
    ],
  ])('%s: its vocabulary', (text, space) => expect(elementsIn(rootOf(text))[0]?.space).toBe(space));

  it.each(['constructor', 'toString', '__proto__'])('knows no vocabulary of %s', (name) =>
    expect(rootOf(`<${name}/>`).space).toBe('rss'),
  );

  it('has the base of each element', () => {
    const root = rootOf('<a><b xml:base="/x/"><c xml:base="y/"/><d xml:base="http://[bad"/></b></a>');
    const [b] = elementsIn(root);
    expect([root.base, b?.base, ...elementsIn(b!).map(({ base }) => base)]).toEqual([
      null,
      'https://post.example/x/',
      'https://post.example/x/y/',
      'https://post.example/x/',
    ]);
  });

  it('tells what was left open at the end', () => {
    expect(readXml('<a><b/><c>x', 'urn:x').open.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(readXml('<a></a>', 'urn:x').open).toEqual([]);
  });

  it('replaces entities of its own only so often', () => {
    const text = `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(200)}">]><a>${'&b;'.repeat(100_000)}</a>`;
    expect(textIn(rootOf(text)).length).toBeLessThan(600_000);
  });
});

describe('htmlIn', () => {
  it('makes HTML of XHTML', () => {
    const html =
      '<a>1 &lt; 2<h:p xmlns:h="http://www.w3.org/1999/xhtml" title="&quot;x&quot;">y<h:br/><h:iframe src="v"/><h:script>z</h:script></h:p>after</a>';
    expect(htmlIn(rootOf(html), true)).toBe(
      '1 &lt; 2<p title="&quot;x&quot;">y<br><iframe src="v"></iframe><script></script></p>after',
    );
  });

  it('makes links absolute where an element has a base of its own', () => {
    expect(
      htmlIn(rootOf('<a xml:base="/x/"><p xml:base="y/"><img src="z.png"/></p><b href="w"/></a>'), true),
    ).toBe('<p><img src="https://post.example/x/y/z.png"></p><b href="w"></b>');
  });

  it('takes markup that was not escaped', () => {
    expect(looseHtmlIn(rootOf('<a>one <b>two</b> &lt;i&gt;three&lt;/i&gt;</a>'))).toBe(
      'one <b>two</b> <i>three</i>',
    );
  });
});
