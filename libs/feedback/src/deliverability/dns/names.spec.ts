import { asciiDomain, reverseName, sameSpelling, txtRecord } from './names.js';
import { withTags } from './tag-list.js';

describe('names', () => {
  it.each([
    ['Example.ORG.', 'example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    [' example.org ', 'example.org'],
  ])('asciiDomain %p', (text, domain) => expect(asciiDomain(text)).toBe(domain));

  it.each([
    ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
    ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['::ffff:192.0.2.1', `1.0.2.0.0.0.0.c.f.f.f.f.${'0.'.repeat(20)}ip6.arpa`],
    ['::', `${'0.'.repeat(32)}ip6.arpa`],
  ])('reverseName %s', (address, name) => expect(reverseName(address)).toBe(name));

  it('spells an address in one way', () => {
    expect(sameSpelling('2001:DB8:0:0::1')).toBe(sameSpelling('2001:db8::1'));
  });

  it.each([
    ['short', 'v=spf1 -all', 'a.example. IN TXT "v=spf1 -all"'],
    ['with quotes', 'a"b\\c', 'a.example. IN TXT "a\\"b\\\\c"'],
    ['long', 'x'.repeat(300), `a.example. IN TXT ( "${'x'.repeat(255)}" "${'x'.repeat(45)}" )`],
  ])('txtRecord %s', (_, text, record) => expect(txtRecord('a.example', text)).toBe(record));

  it('changes tags, and keeps the others', () => {
    expect(withTags('v=DMARC1; rua=x; sp=none', { p: 'none', sp: null })).toBe('v=DMARC1; p=none; rua=x');
  });
});
