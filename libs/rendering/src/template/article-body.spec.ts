import { dressForMail, textAsHtml } from './article-body.js';
import { coloursOf } from './colours.js';
import { htmlToPlain } from './html-to-plain.js';

const dress = (html: string) => dressForMail(html, 'https://x.org/a/1', coloursOf('#8c1c13'), 'left');

test('styles inline and drops the styles it came with', () => {
  expect(dress('<p class="a" style="color:red" onclick="x()">Hi</p>')).toBe(
    '<p style="margin:0 0 18px;">Hi</p>',
  );
});

test('links are absolute, and only to the web or a mailbox', () => {
  expect(dress('<a href="../b?x=1&amp;y=2">b</a>')).toContain(
    'href="https://x.org/b?x=1&amp;y=2" target="_blank"',
  );
  expect(dress('<a href="mailto:a@b.org">b</a>')).toContain('href="mailto:a@b.org"');
  expect(dress('<a href="javascript:alert(1)">b</a>')).not.toContain('href');
  expect(dress('<a href="data:text/html,x">b</a>')).not.toContain('href');
});

test('pictures fit the sheet and always have an alternative text', () => {
  expect(dress('<img src="/p.png" width="1200" height="900">')).toMatch(
    /^<img src="https:\/\/x\.org\/p\.png" alt="" width="536" style="[^"]*max-width:100%;height:auto/,
  );
  expect(dress('<img src="/p.png" width="40">')).toContain('width="40"');
  expect(dress('<img src="data:image/png;base64,xx"><img alt="x">')).toBe('');
});

test('there is one h1 in a mail, and it is not here', () => {
  expect(dress('<h1>A</h1><h6>B</h6>')).toMatch(/^<h2 [^>]*>A<\/h2><h4 [^>]*>B<\/h4>$/);
});

test.each([
  '<script>x</script>',
  '<style>p{}</style>',
  '<iframe src="https://x"></iframe>',
  '<!-- x -->',
  '<form>',
])('drops %s', (html) => expect(dress(html)).toBe(''));

test('text becomes paragraphs', () => {
  expect(textAsHtml('One <b>\nline\n\n \nTwo & three')).toBe(
    '<p>One &lt;b&gt;<br>line</p><p>Two &amp; three</p>',
  );
});

test('HTML becomes text that can be read', () => {
  const html =
    '<h2>Head</h2><p>See <a href="https://x.org/y">this</a> &amp; <a href="https://x.org">https://x.org</a>.</p>' +
    '<ul><li>one</li><li>two</li></ul><img src="https://x.org/i.png" alt="i">';
  expect(htmlToPlain(html)).toBe('Head\n\nSee this <https://x.org/y> & https://x.org.\n\n - one\n - two');
});
