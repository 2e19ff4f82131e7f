import { readUrl } from './read-url.js';

describe('readUrl', () => {
  it('reads a URL, alone or relative to another', () => {
    expect(readUrl('https://Example.org/a#b')?.href).toBe('https://example.org/a#b');
    expect(readUrl('../b', 'https://example.org/a/c')?.href).toBe('https://example.org/b');
    expect(readUrl('/b', new URL('https://example.org/a'))?.href).toBe('https://example.org/b');
  });

  it.each(['', 'feed.xml', '//example.org', 'http://', 'http://exa mple.org/'])(
    'knows that %j is none',
    (text) => expect(readUrl(text)).toBeNull(),
  );

  it('still reads letters beyond ASCII after very many others', () => {
    for (let i = 0; i < 200_000; i += 1) readUrl(`http://example.org/${i % 7}`);
    const refused = Array.from({ length: 5_000 }, () => readUrl('http://bücher.example/')).filter(
      (url) => !url,
    );
    expect(refused).toHaveLength(0);
  });
});
