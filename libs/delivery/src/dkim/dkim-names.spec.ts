import { parseSelector, parseSigningDomain } from './dkim-names.js';

describe('parseSigningDomain', () => {
  it.each([
    ['Example.ORG', 'example.org'],
    ['zürich.example', 'xn--zrich-kva.example'],
    ['a-b.example.org', 'a-b.example.org'],
  ])('reads %s', (text, domain) => {
    expect(parseSigningDomain(text)).toBe(domain);
  });

  it.each([
    'org',
    '',
    'example..org',
    '-a.example',
    'example.org/x',
    'exa mple.org',
    '127.0.0.1',
    'a;b.org',
    'example.org.',
    `${'a'.repeat(64)}.org`,
    `${'a.'.repeat(130)}org`,
  ])('refuses %p', (text) => {
    expect(() => parseSigningDomain(text)).toThrow('host name like example.org');
  });
});

describe('parseSelector', () => {
  it.each([
    ['News2026', 'news2026'],
    ['a.b-c', 'a.b-c'],
  ])('reads %s', (text, selector) => {
    expect(parseSelector(text, 'example.org')).toBe(selector);
  });

  it.each(['', 'a_b', 'a..b', '-a', 'a; d=evil.example', 'ä', 'a\r\nb'])('refuses %p', (text) => {
    expect(() => parseSelector(text, 'example.org')).toThrow('letters, digits and hyphens');
  });

  it('refuses one that makes a name DNS cannot hold', () => {
    const domain = `${'abcdefghi.'.repeat(23)}org`;
    expect(() => parseSelector('a'.repeat(40), domain)).toThrow('too long');
  });
});
