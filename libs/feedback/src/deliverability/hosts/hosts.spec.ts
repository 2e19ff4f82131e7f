import { zoneResolver, type Zone } from '../dns/fixtures.js';
import { checkBlockList } from './check-block-list.js';
import { checkMx } from './check-mx.js';
import { checkPtr } from './check-ptr.js';
import { checkTlsRecords, checkTransportTls } from './check-tls.js';

describe('checkMx', () => {
  const hosts: Zone = {
    'mx1.example.org': { A: ['192.0.2.1'] },
    'mx2.example.org': { AAAA: ['2001:db8::2'] },
  };
  it.each<[string, Zone[string], 'sender' | 'return_path', string, string]>([
    ['servers', { MX: ['20 mx2.example.org', '10 mx1.example.org'] }, 'sender', 'ok', '20 mx2.example.org'],
    ['none, but an address', { A: ['192.0.2.9'] }, 'sender', 'warn', 'no MX'],
    ['nothing', {}, 'return_path', 'fail', 'no MX and no address'],
    ['a null MX of a sender', { MX: ['0 .'] }, 'sender', 'warn', '0 .'],
    ['a null MX where bounces come to', { MX: ['0 .'] }, 'return_path', 'fail', '0 .'],
    [
      'a server without address',
      { MX: ['10 mx1.example.org', '20 gone.example.org'] },
      'sender',
      'warn',
      'gone',
    ],
    ['only such', { MX: ['10 gone.example.org'] }, 'sender', 'fail', 'gone'],
    ['an address for a name', { MX: ['10 192.0.2.1'] }, 'sender', 'fail', '192.0.2.1'],
  ])('%s', async (_, records, use, state, found) => {
    const line = await checkMx('example.org', use, zoneResolver({ 'example.org': records, ...hosts }));
    expect(line).toMatchObject({ check: 'mx', about: 'example.org', state });
    expect(line.found).toContain(found);
    expect(line.publish).toMatch(/ IN (MX|A) /);
  });
});

describe('checkPtr', () => {
  const zone: Zone = {
    '192.0.2.1': { PTR: ['mail.example.org'] },
    'mail.example.org': { A: ['192.0.2.1'], AAAA: ['2001:0db8:0:0::1'] },
    '192.0.2.2': { PTR: ['other.example.org', 'mail2.example.org'] },
    'mail2.example.org': { A: ['192.0.2.2'] },
    '192.0.2.3': { PTR: ['mail.example.org'] },
    '192.0.2.4': { PTR: ['192-0-2-4.dyn.example.net'] },
    '192-0-2-4.dyn.example.net': { A: ['192.0.2.4'] },
    '192.0.2.5': { PTR: ['5.2.0.192.pool.example.net'] },
    '5.2.0.192.pool.example.net': { A: ['192.0.2.5'] },
    '2001:db8::1': { PTR: ['mail.example.org'] },
  };
  it.each([
    ['192.0.2.1', 'ok', '1.2.0.192.in-addr.arpa. IN PTR mail.example.org.'],
    ['2001:db8::1', 'ok', `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa. IN PTR mail.example.org.`],
    ['192.0.2.2', 'ok', '2.2.0.192.in-addr.arpa. IN PTR mail2.example.org.'],
    ['192.0.2.3', 'fail', 'mail.example.org. IN A 192.0.2.3'],
    ['192.0.2.4', 'warn', '4.2.0.192.in-addr.arpa. IN PTR mail.example.org.'],
    ['192.0.2.5', 'warn', '5.2.0.192.in-addr.arpa. IN PTR mail.example.org.'],
    [
      '192.0.2.9',
      'fail',
      '9.2.0.192.in-addr.arpa. IN PTR mail.example.org.\nmail.example.org. IN A 192.0.2.9',
    ],
  ])('%s: %s', async (address, state, publish) => {
    expect(await checkPtr(address, 'mail.example.org', zoneResolver(zone))).toMatchObject({
      check: 'ptr',
      about: address,
      state,
      publish,
    });
  });
});

describe('checkBlockList', () => {
  it.each<[string, string[], string[] | 'ESERVFAIL', string, string]>([
    ['not listed', [], [], 'ok', 'not listed'],
    [
      'listed',
      ['127.0.0.4', '127.0.0.2'],
      ['see list.example'],
      'fail',
      '127.0.0.2, 127.0.0.4, see list.example',
    ],
    ['listed, without a reason', ['127.0.0.2'], 'ESERVFAIL', 'fail', '127.0.0.2'],
    ['a resolver that is refused', ['127.255.255.254'], [], 'unknown', '127.255.255.254'],
    ['a resolver that is refused, otherwise', ['127.0.0.1'], [], 'unknown', '127.0.0.1'],
    ['a list that is gone, its domain parked', ['203.0.113.80'], [], 'unknown', '203.0.113.80'],
  ])('%s', async (_, answers, reason, state, found) => {
    const zone: Zone = { '1.2.0.192.list.example': { A: answers, TXT: reason } };
    expect(await checkBlockList('192.0.2.1', 'list.example', zoneResolver(zone))).toMatchObject({
      check: 'block_list',
      about: '192.0.2.1 at list.example',
      state,
      found,
    });
  });

  it('asks for IPv6 by its digits', async () => {
    const resolver = zoneResolver({});
    await checkBlockList('2001:db8::ff', 'list.example', resolver);
    expect(resolver.asked).toEqual([`A f.f.${'0.'.repeat(22)}8.b.d.0.1.0.0.2.list.example`]);
  });
});

it('tells mail servers in one order, and not which addresses a domain without has today', async () => {
  const found = async (zone: Zone[string]) =>
    (await checkMx('example.org', 'sender', zoneResolver({ 'example.org': zone }))).found;
  expect(await found({ MX: ['5 b.example.org', '5 a.example.org'] })).toBe(
    '5 a.example.org, 5 b.example.org',
  );
  expect(await found({ A: ['192.0.2.1'] })).toBe(await found({ A: ['192.0.2.2', '192.0.2.3'] }));
});

describe('TLS', () => {
  it.each([
    [true, 'mail.example.org', 'ok'],
    [false, 'mail.example.org', 'fail'],
    [null, 'mail.example.org', 'warn'],
    [null, 'localhost', 'ok'],
    [false, 'localhost', 'ok'],
    [false, '127.0.0.1', 'ok'],
    [false, '10.0.0.1', 'fail'],
  ])('of a transport: %p to %s', (isTls, host, state) => {
    const transport = { name: 'ours', host, addresses: null, isTls };
    expect(checkTransportTls(transport)).toMatchObject({ check: 'tls_transport', about: 'ours', state });
  });

  it.each<[string, string[], string[], string[]]>([
    ['both records', ['v=STSv1; id=20260101'], ['v=TLSRPTv1; rua=mailto:tls@example.org'], ['ok', 'ok']],
    ['none', [], [], ['warn', 'warn']],
    ['others', ['v=STSv2; id=1'], ['v=TLSRPTv10'], ['warn', 'warn']],
    ['two', ['v=STSv1; id=1', 'v=STSv1; id=2'], ['v=TLSRPTv1;rua=mailto:a@b.c'], ['warn', 'ok']],
  ])('of a domain that takes mail: %s', async (_, sts, rpt, states) => {
    const zone: Zone = { '_mta-sts.example.org': { TXT: sts }, '_smtp._tls.example.org': { TXT: rpt } };
    const lines = await checkTlsRecords('example.org', zoneResolver(zone));
    expect(lines.map(({ state }) => state)).toEqual(states);
    expect(lines.map(({ publish }) => publish)).toEqual([
      expect.stringContaining('_mta-sts.example.org. IN TXT "v=STSv1; id='),
      expect.stringContaining('_smtp._tls.example.org. IN TXT "v=TLSRPTv1;'),
    ]);
  });
});
