import { zoneResolver, type Zone } from '../dns/fixtures.js';
import { DnsFailure } from '../dns/resolver.js';
import { evaluateSpf } from './evaluate-spf.js';
import { surveySpf } from './spf-tree.js';

const ZONE: Zone = {
  'example.org': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'], MX: ['10 mx.example.org', '20 mx2.example.org'] },
  'mx.example.org': { A: ['192.0.2.10'] },
  'mx2.example.org': { A: ['192.0.2.20'], AAAA: ['2001:db8::20'] },
  'relay.example': { TXT: ['v=spf1 ip4:198.51.100.0/24 include:deeper.example ?all'] },
  'deeper.example': { TXT: ['other', 'v=spf1 ip6:2001:db8:5::/48 -all'] },
  'soft.example': { TXT: ['v=spf1 ~ip4:203.0.113.1 -all'] },
  'none.example': { TXT: ['hello'] },
  'double.example': { TXT: ['v=spf1 -all', 'v=spf1 a -all'] },
  'loop.example': { TXT: ['v=spf1 include:loop2.example -all'] },
  'loop2.example': { TXT: ['v=spf1 include:loop.example -all'] },
  'down.example': { TXT: 'ESERVFAIL' },
  'wrong.example': { TXT: ['v=spf1 ip4:1.2.3 -all'] },
};
const survey = (record: string) => surveySpf('example.org', record, zoneResolver(ZONE));

describe('surveySpf counts', () => {
  it.each([
    ['v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all', 0, 0],
    ['v=spf1 a mx -all', 2, 0],
    ['v=spf1 include:relay.example -all', 2, 0],
    ['v=spf1 a:nowhere.example mx:nowhere.example include:nowhere.example -all', 3, 3],
    ['v=spf1 redirect=relay.example', 2, 0],
    ['v=spf1 -all redirect=relay.example', 0, 0],
    ['v=spf1 exists:%{i}.example.net ptr include:%{d}.example.net a:%{d} mx:%{o}.example -all', 5, 0],
    ['v=spf1 include:none.example -all', 1, 0],
  ])('%s: %d look-ups, %d in vain', async (record, lookups, voids) => {
    expect(await survey(record)).toMatchObject({ lookups, voids });
  });

  it('follows no more than it needs to say that there is too much', async () => {
    const zone: Zone = {};
    for (let n = 0; n < 100; n++) zone[`s${n}.example`] = { TXT: [`v=spf1 include:s${n + 1}.example -all`] };
    const resolver = zoneResolver(zone);
    const { lookups } = await surveySpf('example.org', 'v=spf1 include:s0.example -all', resolver);
    expect(lookups).toBeGreaterThan(10);
    expect(resolver.asked.length).toBeLessThanOrEqual(41);
  });

  it('asks no more than ten names of an MX', async () => {
    const many = Array.from({ length: 30 }, (_, n) => `${n} m${n}.example`);
    const resolver = zoneResolver({ 'many.example': { MX: many } });
    const { faults } = await surveySpf('example.org', 'v=spf1 mx:many.example -all', resolver);
    expect([resolver.asked.length, faults]).toEqual([21, ['many.example has more than 10 MX']]);
  });
});

describe('surveySpf tells of mistakes', () => {
  it.each([
    ['v=spf1 include:none.example -all', 'none.example has no SPF record'],
    ['v=spf1 include:nowhere.example -all', 'nowhere.example has no SPF record'],
    ['v=spf1 redirect=none.example', 'none.example has no SPF record'],
    ['v=spf1 include:double.example -all', 'double.example has several SPF records'],
    ['v=spf1 include:loop.example -all', 'loop.example refers to itself'],
    ['v=spf1 include:example.org -all', 'example.org refers to itself'],
    ['v=spf1 include:wrong.example -all', 'wrong.example: "ip4:1.2.3" is written wrongly'],
    ['v=spf1 ipv4:192.0.2.1 -all', 'example.org: "ipv4:192.0.2.1" is no mechanism that SPF knows'],
  ])('%s', async (record, fault) => expect((await survey(record)).faults).toEqual([fault]));

  it('and not of DNS that does not answer', async () => {
    await expect(survey('v=spf1 include:down.example -all')).rejects.toThrow(DnsFailure);
  });
});

describe('evaluateSpf', () => {
  it.each([
    ['v=spf1 ip4:192.0.2.0/24 -all', '192.0.2.77', 'pass', 'ip4:192.0.2.0/24'],
    ['v=spf1 ip4:192.0.2.0/24 -all', '192.0.3.77', 'fail', '-all'],
    ['v=spf1 ip4:192.0.2.0/24 -all', '2001:db8::1', 'fail', '-all'],
    ['v=spf1 a -all', '192.0.2.1', 'pass', 'a'],
    ['v=spf1 a -all', '2001:db8::1', 'pass', 'a'],
    ['v=spf1 a//32 -all', '2001:db8:ffff::1', 'pass', 'a//32'],
    ['v=spf1 a/24 -all', '192.0.2.200', 'pass', 'a/24'],
    ['v=spf1 mx ~all', '2001:db8::20', 'pass', 'mx'],
    ['v=spf1 mx ~all', '192.0.2.1', 'softfail', '~all'],
    [
      'v=spf1 include:relay.example -all',
      '198.51.100.9',
      'pass',
      'include:relay.example → ip4:198.51.100.0/24',
    ],
    ['v=spf1 include:relay.example -all', '192.0.2.1', 'fail', '-all'],
    [
      'v=spf1 include:relay.example -all',
      '2001:db8:5::1',
      'pass',
      'include:relay.example → include:deeper.example → ip6:2001:db8:5::/48',
    ],
    ['v=spf1 include:soft.example ?all', '203.0.113.1', 'neutral', '?all'],
    ['v=spf1 -ip4:192.0.2.1 +all', '192.0.2.1', 'fail', '-ip4:192.0.2.1'],
    ['v=spf1 redirect=relay.example', '198.51.100.9', 'pass', 'redirect=relay.example → ip4:198.51.100.0/24'],
    ['v=spf1 a', '203.0.113.1', 'neutral', 'no mechanism'],
    ['v=spf1 exists:%{i}.example.net -all', '192.0.2.1', 'unknown', 'exists:%{i}.example.net'],
    ['v=spf1 ip4:192.0.2.1 exists:%{i}.example.net -all', '192.0.2.1', 'pass', 'ip4:192.0.2.1'],
    ['v=spf1 ptr ip4:192.0.2.1 -all', '192.0.2.1', 'pass', 'ip4:192.0.2.1'],
    ['v=spf1 include:%{d}.example ip4:192.0.2.1', '192.0.2.2', 'unknown', 'include:%{d}.example'],
  ])('%s for %s: %s', async (record, address, result, by) => {
    const { tree } = await survey(record);
    expect(evaluateSpf(tree, address)).toEqual({ result, by });
  });
});
