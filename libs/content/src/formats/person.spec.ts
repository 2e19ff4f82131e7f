import { bylineOf, nameOf } from './person.js';

describe('nameOf', () => {
  it.each([
    ['Jo Reed', 'Jo Reed'],
    ['jo@example.org (Jo Reed)', 'Jo Reed'],
    ['jo@example.org (Jo Reed (Harbour desk))', 'Jo Reed (Harbour desk)'],
    ['Jo Reed <jo@example.org>', 'Jo Reed'],
    ['"Reed, Jo" <jo@example.org>', 'Reed, Jo'],
    ['Jo Reed (jo@example.org)', 'Jo Reed'],
    ['Jo Reed (mailto:jo@example.org)', 'Jo Reed'],
    ['Jo Reed, jo@example.org', 'Jo Reed'],
    ['Jo Reed - jo@localhost', 'Jo Reed - jo@localhost'],
    ['jo@localhost (Jo)', 'Jo'],
    ['jo@example.org', ''],
    ['mailto:jo@example.org', ''],
    ['(jo@example.org)', ''],
    ['jo@example.org, ann@example.org', ''],
    ['https://example.org/jo', ''],
    ['@jo', '@jo'],
    ['P@trick', 'P@trick'],
    ['Jo &amp; Ann', 'Jo & Ann'],
    ['<a href="https://example.org/jo">Jo</a>', 'Jo'],
    ['=?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <j@example.org>', 'Jörg Müller'],
    ['=?ISO-8859-1?B?SvZyZw==?=', 'Jörg'],
    ['=?utf-8?q?J=C3=B6rg?= =?utf-8?q?_M=C3=BCller?=', 'Jörg Müller'],
    ['=?klingon?Q?Jo?=', '=?klingon?Q?Jo?='],
    ['jo@example.org (Jo Reed), ann@example.org (Ann)', 'Jo Reed, Ann'],
    ['jo@example.org (Jo Reed) ann@example.org ()', 'Jo Reed'],
    ['Jo Reed <jo@example.org>, Ann <ann@example.org>', 'Jo Reed, Ann'],
    ['Jo Reed (jo@example.org), Ann (ann@example.org)', 'Jo Reed, Ann'],
    ['Jo Reed (https://example.org/jo)', 'Jo Reed'],
    ['Jo Reed <https://example.org/jo>', 'Jo Reed'],
    ['By Jo Reed, Harbour desk', 'Jo Reed, Harbour desk'],
    ['BY: JO REED', 'JO REED'],
    ['Byron Reed', 'Byron Reed'],
    ['By', 'By'],
    ['Jo Reed,', 'Jo Reed'],
    ['desk@example.org (Unknown)', ''],
    ['jo@example.org (null)', ''],
    ['N/A', ''],
    ['', ''],
    [undefined, ''],
  ])('%j', (said, name) => expect(nameOf(said)).toBe(name));

  it.each([
    'a@'.repeat(50_000),
    '<'.repeat(100_000),
    '=?a?b?'.repeat(30_000),
    '('.repeat(100_000),
    'a@b('.repeat(30_000),
    '(http://'.repeat(20_000),
    ','.repeat(9_999),
  ])('is not held up by %.10j', (said) => {
    const start = performance.now();
    nameOf(said);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('bylineOf', () => {
  it('takes the first list that names somebody, all of it, each once', () => {
    expect(bylineOf(['jo@example.org', ''], ['Jo', 'Ann', 'jo@example.org (Jo)'], ['Editor'])).toBe(
      'Jo, Ann',
    );
    expect(bylineOf([], [undefined])).toBeNull();
  });
});
