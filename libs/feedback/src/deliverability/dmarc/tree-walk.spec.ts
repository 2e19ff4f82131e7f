import { zoneResolver, type Zone } from '../dns/fixtures.js';
import { organisationalDomain, policyRecord, walkTree, walkedDomains } from './tree-walk.js';

const zoneOf = (records: Record<string, string | string[]>): Zone =>
  Object.fromEntries(
    Object.entries(records).map(([domain, text]) => [`_dmarc.${domain}`, { TXT: [text].flat() }]),
  );

describe('walkedDomains', () => {
  it.each([
    ['org', ['org']],
    ['example.org', ['example.org', 'org']],
    [
      'a.b.c.d.e.f.example.org', // eight labels
      [
        'a.b.c.d.e.f.example.org',
        'b.c.d.e.f.example.org',
        'c.d.e.f.example.org',
        'd.e.f.example.org',
        'e.f.example.org',
        'f.example.org',
        'example.org',
        'org',
      ],
    ],
    [
      'a.b.c.d.e.f.g.h.i.j.mail.example.com', // the example of RFC 9989 §4.10
      [
        'a.b.c.d.e.f.g.h.i.j.mail.example.com',
        'g.h.i.j.mail.example.com',
        'h.i.j.mail.example.com',
        'i.j.mail.example.com',
        'j.mail.example.com',
        'mail.example.com',
        'example.com',
        'com',
      ],
    ],
  ])('%s', (domain, names) => expect(walkedDomains(domain)).toEqual(names));
});

describe('the walk', () => {
  it.each<[string, string, Record<string, string | string[]>, string, string | null]>([
    [
      'finds the shortest',
      'a.mail.example.com',
      { 'mail.example.com': 'v=DMARC1', 'example.com': 'v=DMARC1;p=none' },
      'example.com',
      'example.com',
    ],
    [
      'ends at psd=n',
      'a.mail.example.com',
      { 'mail.example.com': 'v=DMARC1; psd=n', 'example.com': 'v=DMARC1' },
      'mail.example.com',
      'mail.example.com',
    ],
    [
      'goes one below psd=y',
      'a.mail.example.com',
      { com: 'v=DMARC1; psd=y; p=reject' },
      'example.com',
      'com',
    ],
    [
      'prefers its own below psd=y',
      'a.example.com',
      { 'example.com': 'v=DMARC1; p=none', com: 'v=DMARC1; psd=y' },
      'example.com',
      'example.com',
    ],
    [
      'takes its own first',
      'a.example.com',
      { 'a.example.com': 'v=DMARC1;p=reject', 'example.com': 'v=DMARC1;p=none' },
      'example.com',
      'a.example.com',
    ],
    [
      'is its own suffix',
      'bank.example',
      { 'bank.example': 'v=DMARC1; psd=y; p=none' },
      'bank.example',
      'bank.example',
    ],
    ['finds nothing', 'a.example.com', {}, 'a.example.com', null],
    [
      'passes over what is no record',
      'a.example.com',
      { 'a.example.com': 'v=DMARC2', 'example.com': 'v=dmarc1; p=none' },
      'a.example.com',
      null,
    ],
    [
      'passes over several',
      'a.example.com',
      { 'a.example.com': ['v=DMARC1;p=none', 'v=DMARC1;p=reject'], 'example.com': 'v=DMARC1;p=none' },
      'example.com',
      'example.com',
    ],
  ])('%s', async (_, domain, records, organisation, policy) => {
    const walk = await walkTree(domain, zoneResolver(zoneOf(records)));
    expect(organisationalDomain(walk)).toBe(organisation);
    expect(policyRecord(walk)?.domain ?? null).toBe(policy);
  });

  it('asks no more than eight times, and not beyond psd', async () => {
    const deep = zoneResolver({});
    await walkTree(`${'a.'.repeat(40)}example.com`, deep);
    expect(deep.asked).toHaveLength(8);
    const short = zoneResolver(zoneOf({ 'b.example.com': 'v=DMARC1; psd=n' }));
    await walkTree('a.b.example.com', short);
    expect(short.asked).toEqual(['TXT _dmarc.a.b.example.com', 'TXT _dmarc.b.example.com']);
  });
});
