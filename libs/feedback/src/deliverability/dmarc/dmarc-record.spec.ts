import { isDmarc, readDmarc } from './dmarc-record.js';

describe('isDmarc', () => {
  it.each([
    ['v=DMARC1; p=none', true],
    ['v=DMARC1', true],
    ['v = DMARC1 ;p=none', true],
    ['v=DMARC1 p=none', false],
    ['v=dmarc1; p=none', false],
    ['p=none; v=DMARC1', false],
    [`v${' '.repeat(100_000)}`, false],
  ])('%.40s: %p', (text, is) => expect(isDmarc(text)).toBe(is));
});

describe('readDmarc', () => {
  it.each<[string, Record<string, unknown>]>([
    [
      'v=DMARC1',
      {
        p: null,
        sp: null,
        isDkimStrict: false,
        rua: [],
        psd: 'u',
        isTesting: false,
        removed: [],
        faults: [],
      },
    ],
    [
      'v=DMARC1; P = Reject ;sp=quarantine; np=reject;',
      { p: 'reject', sp: 'quarantine', np: 'reject', faults: [] },
    ],
    [
      'v=DMARC1; p=none; adkim=s; aspf=r; t=y; psd=n',
      { isDkimStrict: true, isSpfStrict: false, isTesting: true, psd: 'n' },
    ],
    ['v=DMARC1; p=none; pct=50; rf=afrf; ri=86400; fo=1', { removed: ['pct', 'rf', 'ri'], faults: [] }],
    [
      'v=DMARC1; p=none; rua=mailto:a@example.org!10m , mailto:b@example.net',
      { rua: ['a@example.org', 'b@example.net'], faults: [] },
    ],
    ['v=DMARC1; p=monitor', { p: null, faults: ['p=monitor is no value that it may have'] }],
    ['v=DMARC1; p=none; adkim=x', { isDkimStrict: false, faults: ['adkim=x is no value that it may have'] }],
    ['v=DMARC1; p=none; rua=a@example.org', { rua: [], faults: ['rua=a@example.org is no mailto: address'] }],
    ['v=DMARC1; p=none; hello', { faults: ['"hello" is no tag'] }],
    ['v=DMARC1; p=none; x=1', { faults: [] }],
  ])('%s', (text, expected) => expect(readDmarc(text)).toMatchObject(expected));
});
