import type { Check, TransportSubject } from '../check.js';
import { zoneResolver, type Zone } from '../dns/fixtures.js';
import { checkSpf } from './check-spf.js';

const OURS: TransportSubject = {
  name: 'ours',
  host: 'mail.example.org',
  addresses: ['192.0.2.1'],
  isTls: true,
};
const relay = (host: string): TransportSubject => ({ name: 'relay', host, addresses: null, isTls: true });

async function check(txt: string[], transports: TransportSubject[] = [OURS], more: Zone = {}) {
  const lines = await checkSpf(
    'example.org',
    transports,
    zoneResolver({ 'example.org': { TXT: txt }, ...more }),
  );
  return Object.fromEntries(lines.map((line) => [line.check, line])) as Record<string, Check>;
}

describe('the SPF record', () => {
  const inc: Zone = { 'spf.example.net': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] } };
  it.each<[string, string[], string, string, RegExp]>([
    [
      'is there',
      ['other', 'v=spf1 ip4:192.0.2.1 -all'],
      'ok',
      'v=spf1 ip4:192.0.2.1 -all',
      /written rightly/,
    ],
    ['is nearly there', ['v=spf1; mx'], 'fail', 'v=spf1 ip4:192.0.2.1 ~all', /just these letters/],
    ['is not there', ['other'], 'fail', 'v=spf1 ip4:192.0.2.1 ~all', /no server is authorised/],
    [
      'is there twice',
      ['v=spf1 include:a.example -all', 'v=spf1 mx redirect=b.example'],
      'fail',
      'v=spf1 include:a.example mx include:b.example ~all',
      /only one/,
    ],
    ['is open to all', ['v=spf1 a:all.example +all'], 'warn', 'v=spf1 a:all.example ~all', /everybody/],
    [
      'is open to all, without a sign',
      ['v=spf1 a:all.example all'],
      'warn',
      'v=spf1 a:all.example ~all',
      /everybody/,
    ],
    ['says nothing of others', ['v=spf1 mx ?all'], 'warn', 'v=spf1 mx ~all', /says nothing/],
    ['has no end', ['v=spf1 mx'], 'warn', 'v=spf1 mx ~all', /"all" at the end/],
    ['is wrong', ['v=spf1 ip:192.0.2.1 mx -all'], 'fail', 'v=spf1 mx -all', /"ip:192.0.2.1" is no mechanism/],
    [
      'includes what is not there',
      ['v=spf1 include:gone.example include:spf.example.net -all'],
      'fail',
      'v=spf1 include:spf.example.net -all',
      /gone.example has no SPF record/,
    ],
    ['has ptr in it', ['v=spf1 ptr a -all'], 'warn', 'v=spf1 a -all', /ptr/],
    ['has an equals sign', ['v=spf1 ip4=192.0.2.1 -all'], 'warn', 'v=spf1 ip4:192.0.2.1 -all', /colon/],
    ['redirects', ['v=spf1 redirect=spf.example.net'], 'ok', 'v=spf1 redirect=spf.example.net', /rightly/],
  ])('%s', async (_, txt, state, publish, why) => {
    const { spf } = await check(txt, [OURS], inc);
    expect(spf).toMatchObject({ about: 'example.org', state, publish: `example.org. IN TXT "${publish}"` });
    expect(spf?.why).toMatch(why);
  });

  it.each([
    [10, 'ok'],
    [11, 'fail'],
  ])('costs %d look-ups: %s', async (count, state) => {
    const zone: Zone = {};
    for (let n = 0; n < count; n++) zone[`h${n}.example`] = { A: ['192.0.2.1'] };
    const terms = Object.keys(zone).map((host) => `a:${host}`);
    const { spf_lookups: line } = await check([`v=spf1 ${terms.join(' ')} -all`], [OURS], zone);
    expect(line).toMatchObject({ state });
    expect(line?.found).toContain(`${count} look-ups`);
  });

  it.each([
    [2, 'ok'],
    [3, 'fail'],
  ])('asks %d times in vain: %s', async (count, state) => {
    const terms = Array.from({ length: count }, (_, n) => `a:gone${n}.example`);
    expect((await check([`v=spf1 ${terms.join(' ')} -all`])).spf_lookups).toMatchObject({ state });
  });
});

describe('SPF for a transport', () => {
  const zone: Zone = {
    'amazonses.com': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'] },
    'smtp.small.example': { A: ['203.0.113.5'] },
    'spf.other.example': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'] },
  };
  const ses = relay('email-smtp.eu-west-1.amazonaws.com');
  it.each<[string, string, TransportSubject, string, string, string]>([
    [
      'its address passes',
      'v=spf1 ip4:192.0.2.1 -all',
      OURS,
      'ok',
      '192.0.2.1: pass',
      'v=spf1 ip4:192.0.2.1 -all',
    ],
    [
      'its address fails',
      'v=spf1 mx -all',
      OURS,
      'fail',
      '192.0.2.1: fail by -all',
      'v=spf1 mx ip4:192.0.2.1 -all',
    ],
    ['its address fails softly', 'v=spf1 ~all', OURS, 'fail', 'softfail', 'v=spf1 ip4:192.0.2.1 ~all'],
    [
      'its IPv6 address fails',
      'v=spf1 ip4:192.0.2.1 -all',
      { ...OURS, addresses: ['192.0.2.1', '2001:db8::1'] },
      'fail',
      '2001:db8::1: fail',
      'v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all',
    ],
    [
      'it depends',
      'v=spf1 exists:%{i}.x.example -all',
      OURS,
      'unknown',
      'exists:',
      'v=spf1 exists:%{i}.x.example -all',
    ],
    ['no address', 'v=spf1 -all', { ...OURS, addresses: [] }, 'unknown', 'no address', 'v=spf1 -all'],
    [
      'a relay that is included',
      'v=spf1 include:amazonses.com -all',
      ses,
      'ok',
      'include:amazonses.com',
      'v=spf1 include:amazonses.com -all',
    ],
    [
      'a relay that is not',
      'v=spf1 mx -all',
      ses,
      'warn',
      'no include:amazonses.com',
      'v=spf1 mx include:amazonses.com -all',
    ],
    [
      'a small relay that passes',
      'v=spf1 a:smtp.small.example -all',
      relay('smtp.small.example'),
      'ok',
      '203.0.113.5',
      'v=spf1 a:smtp.small.example -all',
    ],
    [
      'a small relay, and other includes',
      'v=spf1 include:spf.other.example -all',
      relay('smtp.small.example'),
      'unknown',
      'includes: spf.other.example',
      'v=spf1 include:spf.other.example -all',
    ],
    [
      'a relay that is an address',
      'v=spf1 mx -all',
      relay('203.0.113.5'),
      'warn',
      '203.0.113.5',
      'v=spf1 mx ip4:203.0.113.5 -all',
    ],
    [
      'a relay of this machine',
      'v=spf1 mx -all',
      relay('localhost'),
      'unknown',
      'of this machine',
      'v=spf1 mx -all',
    ],
    [
      'a relay of this network',
      'v=spf1 mx -all',
      relay('10.1.2.3'),
      'unknown',
      'or network',
      'v=spf1 mx -all',
    ],
    [
      'a small relay, and nothing included',
      'v=spf1 mx -all',
      relay('smtp.small.example'),
      'warn',
      'includes: none',
      'v=spf1 mx a:smtp.small.example -all',
    ],
  ])('%s', async (_, record, transport, state, found, publish) => {
    const { spf_transport: line } = await check([record], [transport], zone);
    expect(line).toMatchObject({ about: transport.name, state, publish: `example.org. IN TXT "${publish}"` });
    expect(line?.found).toContain(found);
  });

  it('is not known when its server is not found out, and the record still is', async () => {
    const lines = await check(['v=spf1 -all'], [relay('smtp.down.example')], {
      'smtp.down.example': { A: 'ESERVFAIL' },
    });
    expect([lines.spf?.state, lines.spf_transport?.state]).toEqual(['ok', 'unknown']);
  });
});

describe('a record for a domain that has none', () => {
  it.each<[string, TransportSubject[], string]>([
    [
      'ours and a relay',
      [OURS, relay('smtp.sendgrid.net')],
      'v=spf1 ip4:192.0.2.1 include:sendgrid.net ~all',
    ],
    [
      'a small relay, twice',
      [relay('smtp.small.example'), relay('smtp.small.example')],
      'v=spf1 a:smtp.small.example ~all',
    ],
    ['one of this machine', [relay('postfix')], 'v=spf1 mx ~all'],
    ['none', [], 'v=spf1 mx ~all'],
  ])('%s', async (_, transports, record) => {
    expect((await check([], transports)).spf?.publish).toBe(`example.org. IN TXT "${record}"`);
  });
});
