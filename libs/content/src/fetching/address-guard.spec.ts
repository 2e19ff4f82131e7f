import fc from 'fast-check';
import { AddressGuard, isPublicAddress } from './address-guard.js';
import { hostOf, webUrl } from './web-url.js';

/** First and last address of each network that is not public. */
const PRIVATE_4 = [
  '0.0.0.0',
  '0.255.255.255',
  '10.0.0.0',
  '10.255.255.255',
  '100.64.0.0',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.0.0',
  '169.254.169.254',
  '169.254.255.255',
  '172.16.0.0',
  '172.31.255.255',
  '192.0.0.0',
  '192.0.0.192',
  '192.0.0.255',
  '192.0.2.0',
  '192.0.2.255',
  '192.88.99.1',
  '192.168.0.0',
  '192.168.255.255',
  '198.18.0.0',
  '198.19.255.255',
  '198.51.100.0',
  '198.51.100.255',
  '203.0.113.0',
  '203.0.113.255',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '100.100.100.200',
  '192.31.196.1',
  '192.52.193.1',
  '192.175.48.1',
];
const PUBLIC_4 = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.0.3.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '203.0.112.255',
  '203.0.114.0',
  '223.255.255.255',
  '168.63.129.17',
];
const PRIVATE_6 = [
  '::',
  '::1',
  '::2',
  '100::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'fdff::1',
  'ff00::1',
  'ff02::1',
  'ff0e::1',
  '2001::1',
  '2001:0:ffff::1',
  '2001:10::1',
  '2001:20::1',
  '2001:1ff:ffff::1',
  '2001:db8::1',
  '2001:db8:ffff::1',
  '2002::1',
  '2002:7f00:1::',
  '2002:808:808::1',
  '3ffe::1',
  '3fff::1',
  '3fff:fff::1',
  '5f00::1',
  '64:ff9b:1::1',
  '64:ff9b:1:a::8.8.8.8',
  '::ffff:0:8.8.8.8',
  '2620:4f:8000::1',
  '4000::1',
  '8000::1',
  '::8.8.8.8',
  '::ffff:8.8.8.8',
];
const PUBLIC_6 = ['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1', '2001:200::1', '2003::1'];

/** What inet_aton takes: one to four numbers, each decimal, octal or hexadecimal. */
function formsOf(address: string): string[] {
  const parts = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (value: number) => `0x${value.toString(16)}`;
  const octal = (value: number) => `0${value.toString(8)}`;
  return [
    address,
    `${address}.`,
    String(number),
    hex(number),
    octal(number),
    hex(number).toUpperCase(),
    parts.map(hex).join('.'),
    parts.map(octal).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${hex(a)}.${octal(b)}.${c * 256 + d}`,
    `0x000000${a.toString(16)}.${b}.${c}.${d}`,
    parts.map((part) => `%3${String(part).charAt(0)}${String(part).slice(1)}`).join('.'),
    Array.from(address, (sign) =>
      sign === '.' ? '。' : String.fromCodePoint(sign.charCodeAt(0) + 0xfee0),
    ).join(''),
  ];
}

describe('isPublicAddress', () => {
  it.each(PRIVATE_4)('refuses %s, mapped and behind NAT64 too', (address) => {
    for (const form of [
      address,
      `::ffff:${address}`,
      `64:ff9b::${address}`,
      `::${address}`,
      `64:ff9b:1::${address}`,
    ]) {
      expect([form, isPublicAddress(form)]).toEqual([form, false]);
    }
  });
  it.each(PUBLIC_4)('takes %s, also behind NAT64', (address) => {
    expect(isPublicAddress(address)).toBe(true);
    expect(isPublicAddress(`64:ff9b::${address}`)).toBe(true);
  });
  it.each(PRIVATE_6)('refuses %s', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(PUBLIC_6)('takes %s', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each(['', 'localhost', '127.1', '2130706433', '[::1]', '8.8.8.8:80', ' 8.8.8.8'])(
    'takes no %j',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );

  const forms = PRIVATE_4.flatMap((address) => formsOf(address).map((form) => [form, address] as const));
  it.each(forms)('sees through http://%s/', (form, address) => {
    const host = hostOf(webUrl(`http://${form}/latest/meta-data`));
    expect(host).toBe(address);
    expect(new AddressGuard([]).mayConnect(host, host)).toBe(false);
  });

  it('refuses every address of a private network, in each way of writing it', () => {
    const networks = [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['127.0.0.0', 8],
      ['169.254.0.0', 16],
    ] as const;
    const cases = fc.tuple(fc.constantFrom(...networks), fc.integer({ min: 0, max: 2 ** 24 - 1 }));
    fc.assert(
      fc.property(cases, ([[start, bits], offset]) => {
        const base = start.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
        const number = base + (offset % 2 ** (32 - bits));
        const { hostname } = new URL(`http://${number}/`);
        const mapped = hostOf(new URL(`http://[::ffff:${hostname}]/`));
        expect([hostname, isPublicAddress(hostname)]).toEqual([hostname, false]);
        expect([mapped, isPublicAddress(mapped)]).toEqual([mapped, false]);
      }),
    );
  });
});

describe('AddressGuard', () => {
  const guard = new AddressGuard([
    '127.0.0.1/32',
    '10.1.0.0/16',
    '192.168.7.7',
    'fd00:1::/32',
    'intranet.example.org',
  ]);

  it.each([
    ['x.org', '127.0.0.1', true],
    ['x.org', '127.0.0.2', false],
    ['x.org', '10.1.255.1', true],
    ['x.org', '10.2.0.1', false],
    ['x.org', '192.168.7.7', true],
    ['x.org', '192.168.7.8', false],
    ['x.org', 'fd00:1::9', true],
    ['x.org', 'fd00:2::9', false],
    ['x.org', '8.8.8.8', true],
    ['intranet.example.org', '172.16.0.9', true],
    ['Intranet.Example.org.', '172.16.0.9', true],
    ['evil.intranet.example.org', '172.16.0.9', false],
    ['intranet.example.org.evil.net', '172.16.0.9', false],
    ['x.org', 'fe80::1%eth0', false],
    ['x.org', '', false],
  ])('%s at %s: %j', (host, address, allowed) => expect(guard.mayConnect(host, address)).toBe(allowed));
});
