import { generateKeyPairSync } from 'node:crypto';
import { publicKeyOf } from '#delivery/dkim/dkim-keys.js';
import { changedFindings } from '#feedback/deliverability/changed-findings.js';
import type { Check, DeliverabilitySubject } from '#feedback/deliverability/check.js';
import { checkDeliverability } from '#feedback/deliverability/check-deliverability.js';
import { nodeResolver } from '#feedback/deliverability/dns/node-resolver.js';
import { DnsServer, type DnsZone } from '../support/dns-server.js';

const KEY = publicKeyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const SUBJECT: DeliverabilitySubject = {
  fromDomain: 'news.example.org',
  dkim: [{ domain: 'example.org', selector: 'news', publicKey: KEY }],
  bounceDomain: 'bounce.example.org',
  baseUrl: 'https://news.example.org',
  transportHosts: [
    { name: 'ours', host: 'mail.example.org', addresses: ['192.0.2.1', '2001:db8::1'], isTls: true },
  ],
  listUnsubscribeUrl: null,
};
const IP6 = `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`;
const ZONE: DnsZone = {
  'news.example.org': { MX: ['10 mail.example.org'] },
  'bounce.example.org': {
    TXT: [['v=spf1 include:_spf.exam', 'ple.org -all'], 'other'],
    MX: ['10 mail.example.org'],
  },
  '_spf.example.org': { TXT: ['v=spf1 a:mail.example.org -all'] },
  'mail.example.org': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] },
  'news._domainkey.example.org': { CNAME: ['keys.example.net'] },
  'keys.example.net': { TXT: [[`v=DKIM1; k=rsa; p=${KEY.slice(0, 200)}`, KEY.slice(200)]] },
  '_dmarc.example.org': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@example.org'] },
  '1.2.0.192.in-addr.arpa': { PTR: ['mail.example.org'] },
  [IP6]: { PTR: ['mail.example.org'] },
  '1.2.0.192.list.example': { A: ['127.0.0.2'], TXT: ['listed for a test'] },
};

let server: DnsServer;
beforeAll(async () => void (server = await DnsServer.start(ZONE)));
beforeEach(() => void (server.zone = ZONE));
afterAll(() => server.stop());

const check = (settings = {}) =>
  checkDeliverability(
    SUBJECT,
    nodeResolver({ servers: [server.address], timeoutMs: 200, tries: 1 }),
    settings,
  );
const statesOf = (lines: Check[]) => Object.fromEntries(lines.map(({ check, state }) => [check, state]));

describe('the deliverability check over DNS', () => {
  it('reads strings in pieces, aliases and names of both kinds of addresses', async () => {
    expect(statesOf(await check())).toEqual({
      spf: 'ok',
      spf_lookups: 'ok',
      spf_transport: 'ok',
      dkim: 'ok',
      dmarc: 'ok',
      dmarc_policy: 'ok',
      dmarc_tags: 'ok',
      dmarc_reports: 'ok',
      alignment_dkim: 'ok',
      alignment_spf: 'ok',
      return_path: 'ok',
      mx: 'ok',
      tls_transport: 'ok',
      mta_sts: 'warn',
      tls_rpt: 'warn',
      ptr: 'ok',
      list_unsubscribe: 'unknown',
    });
  });

  it.each([['SERVFAIL'], ['REFUSED'], ['silent']] as const)(
    'does not know what is answered by %s, and knows the rest',
    async (failure) => {
      server.zone = {
        ...ZONE,
        '_spf.example.org': failure,
        'keys.example.net': failure,
        'news._domainkey.example.org': failure,
        '_dmarc.news.example.org': failure,
        '1.2.0.192.in-addr.arpa': failure,
      };
      const lines = await check();
      expect(statesOf(lines)).toMatchObject({
        spf: 'unknown',
        dkim: 'unknown',
        dmarc: 'unknown',
        alignment_dkim: 'unknown',
        mx: 'ok',
      });
      expect(lines.filter(({ check }) => check === 'ptr').map(({ state }) => state)).toEqual([
        'unknown',
        'ok',
      ]);
      expect(lines.filter(({ state }) => state === 'fail')).toEqual([]);
    },
  );

  it('tells what is not there', async () => {
    server.zone = {};
    expect(statesOf(await check())).toMatchObject({
      spf: 'fail',
      dkim: 'fail',
      dmarc: 'fail',
      mx: 'fail',
      ptr: 'fail',
    });
  });

  it('asks block lists that are set', async () => {
    const lines = (await check({ blockLists: ['list.example'] })).filter(
      ({ check }) => check === 'block_list',
    );
    expect(lines.map(({ state, found }) => [state, found])).toEqual([
      ['fail', '127.0.0.2, listed for a test'],
      ['ok', 'not listed'],
    ]);
  });

  it('sees a record that changes', async () => {
    const before = await check();
    server.zone = { ...ZONE, '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] }, '_dmarc.org': 'SERVFAIL' };
    expect(changedFindings(before, await check())).toEqual([]);
    server.zone = { ...server.zone, '_dmarc.org': {} };
    expect(changedFindings(before, await check())).toMatchObject([
      { check: 'dmarc', about: 'news.example.org', after: '_dmarc.example.org: v=DMARC1; p=none' },
    ]);
  });
});
