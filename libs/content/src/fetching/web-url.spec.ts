import { webUrl } from './web-url.js';

describe('webUrl', () => {
  it.each([
    ['https://Example.org/feed.xml#top', 'https://example.org/feed.xml'],
    ['http://example.org:8080/', 'http://example.org:8080/'],
    ['  http://example.org ', 'http://example.org/'],
    ['http://bücher.example/', 'http://xn--bcher-kva.example/'],
    ['http:\\\\example.org\\x', 'http://example.org/x'],
  ])('reads %j', (text, href) => expect(webUrl(text).href).toBe(href));

  it.each([
    '',
    'feed.xml',
    '//example.org',
    'ftp://example.org',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/xml,<rss/>',
    'gopher://example.org',
    'feed://example.org',
    'blob:http://example.org/1',
    'http://',
    'http://user@example.org/',
    'http://user:pass@example.org/',
    'http://:pass@example.org/',
    'http://example.org:22/',
    'http://example.org:25/',
    'http://example.org:6379/',
    'http://exa mple.org/',
    'http://1.2.3.4.5/',
    'http://256.1.1.1/',
    'http://0x1ffffffff/',
    `http://example.org/${'x'.repeat(2_000)}`,
  ])('refuses %j', (text) =>
    expect(() => webUrl(text)).toThrow(expect.objectContaining({ code: 'invalid_url' }) as Error),
  );

  it('reads what is relative to where it stands', () => {
    expect(webUrl('../b', new URL('https://example.org/a/c')).href).toBe('https://example.org/b');
    expect(webUrl('//127.0.0.1/', new URL('https://example.org/')).href).toBe('https://127.0.0.1/');
  });
});
