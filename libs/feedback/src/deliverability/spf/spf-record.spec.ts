import { isSpf, readSpf } from './spf-record.js';

const LONG = 'a'.repeat(100_000);

describe('isSpf', () => {
  it.each([
    ['v=spf1 -all', true],
    ['v=spf1', true],
    ['V=SPF1 a', true],
    ['v=spf10 -all', false],
    ['v=spf1;-all', false],
    ['v=DMARC1; p=none', false],
    [' v=spf1 -all', false],
  ])('%p: %p', (text, is) => expect(isSpf(text)).toBe(is));
});

describe('readSpf', () => {
  it.each<[string, Record<string, unknown>]>([
    ['-all', { qualifier: '-', mechanism: 'all' }],
    ['a', { qualifier: '+', mechanism: 'a', target: null, bits4: null, bits6: null }],
    ['~a/24', { qualifier: '~', mechanism: 'a', target: null, bits4: 24 }],
    ['a:Mail.Example.org/28//64', { mechanism: 'a', target: 'mail.example.org', bits4: 28, bits6: 64 }],
    ['mx//64', { mechanism: 'mx', bits4: null, bits6: 64 }],
    ['?mx:example.org.', { qualifier: '?', mechanism: 'mx', target: 'example.org' }],
    ['ip4:192.0.2.0/24', { mechanism: 'ip4', target: '192.0.2.0', bits4: 24 }],
    ['ip6:2001:db8::/32', { mechanism: 'ip6', target: '2001:db8::', bits6: 32 }],
    ['INCLUDE:spf.example.net', { mechanism: 'include', target: 'spf.example.net' }],
    ['exists:%{ir}.%{v}._spf.%{d2}', { mechanism: 'exists', target: '%{ir}.%{v}._spf.%{d2}' }],
    ['include:%{d}', { mechanism: 'include', target: '%{d}' }],
    ['ptr', { mechanism: 'ptr' }],
    ['a:_spf.example.org', { mechanism: 'a', target: '_spf.example.org' }],
  ])('reads %s', (term, expected) => {
    const { terms, faults } = readSpf(`v=spf1 ${term}`);
    expect(faults).toEqual([]);
    expect(terms).toMatchObject([expected]);
  });

  it.each([
    'ip4:192.0.2',
    'ip4:192.0.2.0/33',
    'ip4:192.0.2.0/24/8',
    'ip4',
    'ip6:192.0.2.1',
    'ip6:2001:db8::/129',
    'ip4:2001:db8::1',
    'include',
    'include:',
    'include:spf',
    'exists:%{q}.example.org',
    'a:',
    'a:example.org/33',
    'a:example.org/024',
    'ip4:192.0.2.0/024',
    'a:example.-org',
    'a:example.org-',
    'a:museum.',
    'a:example.org:25',
    'a:exämple.org',
    'redirect=example',
    'mx:example.org/24/24',
    'all.',
    'redirect:example.org',
    'a:192.0.2.1',
    'all:example.org',
    'ipv4:192.0.2.1',
    '-al',
    '--all',
    'a:%example.org',
    '192.0.2.1',
    '-redirect=example.org',
    'redirect=',
    'redirect=a.example redirect=b.example',
    LONG,
    `a:${LONG}.org`,
    `include:${'%'.repeat(50_000)}`,
    `exists:${'%{d}'.repeat(20_000)}!%`,
  ])('calls %.40s a mistake', (term) => expect(readSpf(`v=spf1 ${term} -all`).faults).toHaveLength(1));

  it.each([
    ['redirect', 'v=spf1 redirect=_spf.example.org', '_spf.example.org'],
    ['none', 'v=spf1 exp=explain.example.org x-other=1 a', null],
  ])('reads modifiers: %s', (_, text, redirect) => {
    expect(readSpf(text)).toMatchObject({ redirect, faults: [] });
  });

  it('passes over blanks', () => {
    expect(readSpf('v=spf1  a   -all ')).toMatchObject({ terms: [{}, {}], faults: [] });
  });
});
