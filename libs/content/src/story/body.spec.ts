import fc from 'fast-check';
import { renderBody, textOf } from './body.js';

describe('text', () => {
  it.each<[string, string]>([
    ['curly quotes', '“We have the boat,” she said. ‘Almost.’'],
    ['straight quotes', `"We have the boat," she said. It's late.`],
    ['dashes', 'The ferry – the old one — left; 1914–1918, twenty-one, −3°.'],
    ['money', 'It cost £1.7 billion, €40 or ¥900.'],
    ['non-breaking things', 'No\u00a05, 10\u202fkm, co\u2011op, in\u00adter, 1\u2060000'],
    ['zero-width space and joiners', 'ไทย\u200bภาษา نمی\u200cخواهم 👩\u200d🚀'],
    ['ellipsis and primes', 'Wait… 5′ 10″'],
    ['right to left', 'שלום, ‏עולם'],
    ['what looks like Markdown', '*not* _em_ # no heading [no](link) `code`'],
  ])('%s survives, byte for byte', (_name, line) => {
    const body = renderBody(line, 'text');
    expect(body.html).toBe(`<p>${line}</p>`);
    expect(body.text).toBe(line);
  });

  it('what means something in HTML is shown, not obeyed', () => {
    const body = renderBody('<script>alert(1)</script> & <b>', 'text');
    expect(body.html).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;</p>');
    expect(body.text).toBe('<script>alert(1)</script> & <b>');
  });

  it('keeps paragraphs, and lines that are on their own', () => {
    const body = renderBody('Lead.\r\n\r\nShe said:\r\n“No.”\r\n', 'text');
    expect(body.html).toBe('<p>Lead.</p>\n<p>She said:<br />“No.”</p>');
    expect(body.text).toBe('Lead.\n\nShe said:\n“No.”');
  });

  it('loses no word of any text', () => {
    const words = (text: string) => text.split(/[ \t\n\r]+/).filter(Boolean);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('one', '“two”', '— x', '\n', '\n\n', ' ', '- y', '£3', '<b>', '&')),
        (parts) => {
          const text = parts.join(' ');
          expect(words(renderBody(text, 'text').text)).toEqual(words(text));
        },
      ),
    );
  });
});

describe('markdown', () => {
  it.each<[string, string, string]>([
    ['paragraphs', 'One.\n\nTwo.', '<p>One.</p>\n<p>Two.</p>'],
    ['quotes and dashes as they are', '"One" -- \'two\' (c) ...', '<p>"One" -- \'two\' (c) ...</p>'],
    ['emphasis', '*a* **b** `c`', '<p><em>a</em> <strong>b</strong> <code>c</code></p>'],
    ['a heading of the first rank', '# Big', '<h2>Big</h2>'],
    ['HTML is text', '<b>x</b>', '<p>&lt;b&gt;x&lt;/b&gt;</p>'],
    [
      'a bare URL',
      'See https://example.org/x',
      '<p>See <a href="https://example.org/x" rel="noopener">https://example.org/x</a></p>',
    ],
    ['a file is no site', 'readme.md', '<p>readme.md</p>'],
    ['javascript: is no link', '[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
    ['a rule', 'a\n\n---\n\nb', '<p>a</p>\n<hr />\n<p>b</p>'],
  ])('%s', (_name, source, html) => {
    expect(renderBody(source, 'markdown').html).toBe(html);
  });

  it('resolves relative links against the story', () => {
    const { html } = renderBody('[map](../map) ![boat](b.png)', 'markdown', 'https://example.org/news/1');
    expect(html).toContain('href="https://example.org/map"');
    expect(html).toContain('src="https://example.org/news/b.png"');
  });

  it.each([
    [
      'a caption',
      '<table><caption>Tides</caption><tr><td>High</td><td>9:00</td></tr></table>',
      'Tides\n\nHigh   9:00',
    ],
    ['cells without a row', '<table><tbody><td>a</td><td>b</td></tbody></table>', 'a\nb'],
    [
      'what stands between rows',
      '<table><tr><td>a</td></tr><div>b</div><tr><td>c</td></tr></table>',
      'a\nb\nc',
    ],
    [
      'a story in a cell',
      `<table><tr><td>a</td><td>${'b '.repeat(400)}</td></tr></table>`,
      `a\n${'b '.repeat(400).trim()}`,
    ],
    ['cells without a table', '<tr><td>a</td><td>b</td></tr>', 'a\nb'],
    ['terms', '<dl><dt>a</dt><dd>b</dd></dl>', 'a\nb'],
    [
      'a picture’s words',
      '<p>a</p><figure><img src="https://x.example/i.png"><figcaption>b</figcaption></figure>c',
      'a\n\nb\nc',
    ],
  ])('tells the words of %s', (_, html, text) => expect(renderBody(html, 'html').text).toBe(text));

  it('does not fill thousands of rows up to one wide cell', () => {
    const wide = `<tr><td>${'x'.repeat(100_000)}</td><td>y</td></tr>`;
    const rows = '<tr><td>a</td><td>b</td></tr>'.repeat(3_000);
    expect(renderBody(`<table>${wide}${rows}</table>`, 'html').text.length).toBeLessThan(200_000);
  });

  it('has tables', () => {
    const { html, text } = renderBody('| Day | Sails |\n|---|---|\n| Mon | 4 |', 'markdown');
    expect(html).toContain('<td>Mon</td>');
    expect(text).toMatch(/Day\s+Sails\nMon\s+4/);
  });
});

describe('html', () => {
  it.each([
    ['only a script', '<script>x()</script>'],
    ['only a comment', '<!-- a -->'],
    ['only a tracking pixel', '<img src="https://t.example/p.gif" width="1" height="1">'],
    ['only white space', '<p> </p>\n<div></div>'],
  ])('%s is empty', (_name, source) => {
    expect(renderBody(source, 'html')).toEqual({ html: '', text: '' });
  });

  it('a picture alone is a story', () => {
    expect(renderBody('<img src="https://example.org/p.jpg" alt="A boat">', 'html').html).toContain('<img ');
  });

  it('text keeps lists, headings and quotations apart', () => {
    const source =
      '<h2>Now</h2><p>A <a href="https://x.org">link</a>.</p><ul><li>one</li><li>two</li></ul><blockquote>Said.</blockquote>';
    expect(textOf(source)).toBe('Now\n\nA link.\n\n - one\n - two\n\n> Said.');
  });

  it('nested without end keeps its words and no more than a hundred levels', () => {
    const { html, text } = renderBody(`${'<div>'.repeat(20_000)}deep`, 'html');
    expect(text).toBe('deep');
    expect(html.match(/<div>/g)).toHaveLength(100);
  });

  it('of more paragraphs in one element than any story has is refused, not cut off', () => {
    expect(renderBody('<p>a</p>'.repeat(10_000), 'html').text).toMatch(/a$/);
    const code = expect.objectContaining({
      errors: [expect.objectContaining({ code: 'too_complex' })],
    }) as Error;
    expect(() => renderBody('<p>a</p>'.repeat(10_001), 'html')).toThrow(code);
    expect(() => renderBody(`<div>${'a<br>'.repeat(5_001)}</div>`, 'html')).toThrow(code);
    expect(renderBody(`<ul>${'<li>a</li>'.repeat(10_001)}<li>z</li></ul>`, 'html').text).toMatch(/z$/);
    expect(renderBody('<p>So &#0; it goes...</p>', 'html').text).toMatch(/^So . it goes\.\.\.$/);
  });

  it('whose links make it many times as long is refused', () => {
    const base = `https://post.example/${'x'.repeat(1_900)}/`;
    expect(() => renderBody('<a href="a">b</a>'.repeat(12_000), 'html', base)).toThrow(/need mending/);
  });

  it('of more tags than any story has is refused', () => {
    expect(() => renderBody('<b>'.repeat(60_000), 'html')).toThrow(/need mending/);
  });
});
