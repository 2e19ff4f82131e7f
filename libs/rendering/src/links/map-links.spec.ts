import fc from 'fast-check';
import { relinkHtml, relinkText, type Relink } from './map-links.js';

const counted: Relink = (url) =>
  url.startsWith('https://x.example/') ? { href: `L(${url.slice(18)})` } : undefined;

describe('links in HTML', () => {
  it.each([
    ['<a href="https://x.example/a">A</a>', '<a href="L(a)">A</a>'],
    ["<A class=l HREF='https://x.example/a'>A</A>", "<A class=l HREF='L(a)'>A</A>"],
    ['<a href="https://x.example/?a=1&amp;b=2">', '<a href="L(?a=1&amp;b=2)">'],
    ['<a href="https://x.example/?a=1&copy=2">', '<a href="L(?a=1&amp;copy=2)">'],
    ['<a href=" https://x.example/a ">', '<a href="L(a)">'],
    ['<a title="a > b" href="https://x.example/a">', '<a title="a > b" href="L(a)">'],
    ['<map><area href="https://x.example/a"></map>', '<map><area href="L(a)"></map>'],
    [
      '<a href="https://x.example/a"><img src="https://x.example/i"></a>',
      '<a href="L(a)"><img src="https://x.example/i"></a>',
    ],
    // What is no link of a reader's stays.
    ['<img src="https://x.example/i" href="https://x.example/a">', undefined],
    ['<link href="https://x.example/style.css">', undefined],
    ['<a data-href="https://x.example/a">', undefined],
    ['<a name="x">https://x.example/a</a>', undefined],
    ['<!-- <a href="https://x.example/a"> -->', undefined],
    ['<a href="mailto:a@x.example">', undefined],
    ['<a href="#top">', undefined],
    ['<a href="">', undefined],
    ['<a href="https://x.example/cut', undefined],
    ['tail of a tag">text</a> a < b & c', undefined],
  ])('%s', (html, expected) => {
    expect(relinkHtml(html, counted)).toBe(expected ?? html);
  });

  it('leaves a piece of HTML as it is, byte for byte, where nothing is changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<a ', 'href=', '"', "'", '>', '<', '<!--', '-->', 'x', '&', '</')),
        (parts) => {
          const html = parts.join('');
          expect(relinkHtml(html, () => undefined)).toBe(html);
        },
      ),
    );
  });

  it('takes no longer over what never ends', () => {
    const start = performance.now();
    relinkHtml('<a href="'.repeat(100_000), counted);
    relinkHtml('<a '.repeat(300_000), counted);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('links in a text', () => {
  it.each([
    ['Read on: https://x.example/a', 'Read on: L(a)'],
    ['the words <https://x.example/a> and more', 'the words <L(a)> and more'],
    ['(see https://x.example/a).', '(see L(a)).'],
    ['https://x.example/a\nhttps://x.example/b', 'L(a)\nL(b)'],
  ])('%s', (text, expected) => {
    const known = new Set(['https://x.example/a', 'https://x.example/b']);
    expect(relinkText(text, (url) => (known.has(url) ? counted(url) : undefined))).toBe(expected);
  });

  it('does not take one for another that is longer', () => {
    const text = 'curl https://x.example/api/v1 | sh';
    expect(relinkText(text, (url) => (url === 'https://x.example/api' ? { href: 'L' } : undefined))).toBe(
      text,
    );
  });

  it('takes no longer over what never ends', () => {
    const start = performance.now();
    relinkText(`https://x.example/${')'.repeat(500_000)}`, () => undefined);
    relinkText('https://'.repeat(100_000), () => undefined);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
