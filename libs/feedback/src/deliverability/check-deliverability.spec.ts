import { CHECKS, type Check, type DeliverabilitySubject } from './check.js';
import { checkDeliverability } from './check-deliverability.js';
import { zoneResolver, type Zone } from './dns/fixtures.js';
import type { Resolver } from './dns/resolver.js';

const SUBJECT: DeliverabilitySubject = {
  fromDomain: 'Example.org',
  dkim: [
    { domain: 'example.org', selector: 'news', publicKey: 'C3nQ0l4c6b0nGlB4vX0Q2l4c6b0nGlB4vX0Q2l4c6b0=' },
  ],
  bounceDomain: 'bounce.example.org',
  baseUrl: 'https://news.example.org',
  transportHosts: [{ name: 'ours', host: 'mail.example.org', addresses: ['192.0.2.1'], isTls: true }],
  listUnsubscribeUrl: 'https://news.example.org/unsubscribe/x',
};
const GOOD: Zone = {
  'example.org': { MX: ['10 mail.example.org'] },
  'bounce.example.org': { TXT: ['v=spf1 ip4:192.0.2.1 -all'], MX: ['10 mail.example.org'] },
  'mail.example.org': { A: ['192.0.2.1'] },
  'news._domainkey.example.org': { TXT: [`v=DKIM1; k=ed25519; p=${SUBJECT.dkim[0]?.publicKey ?? ''}`] },
  '_dmarc.example.org': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@example.org'] },
  '_mta-sts.bounce.example.org': { TXT: ['v=STSv1; id=1'] },
  '_smtp._tls.bounce.example.org': { TXT: ['v=TLSRPTv1; rua=mailto:tls@example.org'] },
  '192.0.2.1': { PTR: ['mail.example.org'] },
};
const settings = {
  blockLists: ['list.example'],
  reach: (url: string) => Promise.resolve({ status: 200, url }),
};

describe('checkDeliverability', () => {
  it('finds all in order, each check with what was found, what to publish and why', async () => {
    const lines = await checkDeliverability(SUBJECT, zoneResolver(GOOD), settings);
    expect(lines.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect([...new Set(lines.map(({ check }) => check))].sort()).toEqual([...CHECKS].sort());
    expect(lines.every(({ about, found, publish, why }) => about && found && publish && why)).toBe(true);
  });

  it('asks each question once', async () => {
    const resolver = zoneResolver(GOOD);
    await checkDeliverability(SUBJECT, resolver, settings);
    expect(resolver.asked).toHaveLength(new Set(resolver.asked).size);
  });

  it('never fails what DNS does not answer', async () => {
    const types = ['txt', 'a', 'aaaa', 'mx', 'ptr'] as const;
    const down = Object.fromEntries(
      types.map((type) => [type, (name: string) => zoneResolver({ [name]: DOWN })[type](name)]),
    ) as unknown as Resolver;
    const lines = await checkDeliverability(SUBJECT, down, settings);
    const states = (name: Check['check']) =>
      lines.filter(({ check }) => check === name).map(({ state }) => state);
    expect(lines.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(states('spf')).toEqual(['unknown']);
    expect(states('dkim')).toEqual(['unknown']);
    expect(states('dmarc')).toEqual(['unknown']);
    expect(states('mx')).toEqual(['unknown', 'unknown']);
    expect(states('tls_transport')).toEqual(['ok']);
  });

  it('ends when its time is over', async () => {
    const silent = () => new Promise<never>(() => undefined);
    const resolver = { txt: silent, a: silent, aaaa: silent, mx: silent, ptr: silent };
    const lines = await checkDeliverability(SUBJECT, resolver, { ...settings, limitMs: 20 });
    expect(lines.find(({ check }) => check === 'spf')).toMatchObject({
      state: 'unknown',
      found: expect.stringContaining('ENOTIME') as string,
    });
  });

  it('takes the domain in From for the return path where there is no other', async () => {
    const lines = await checkDeliverability({ ...SUBJECT, bounceDomain: null }, zoneResolver(GOOD), settings);
    expect(lines.find(({ check }) => check === 'spf')).toMatchObject({ about: 'example.org', state: 'fail' });
    expect(lines.filter(({ check }) => check === 'mx')).toHaveLength(1);
    expect(lines.find(({ check }) => check === 'return_path')).toMatchObject({ state: 'warn' });
  });

  it('lets a mistake of our own through', async () => {
    const broken = { ...zoneResolver(GOOD), mx: () => Promise.reject(new TypeError('ours')) };
    await expect(checkDeliverability(SUBJECT, broken)).rejects.toThrow('ours');
  });
});

const DOWN = {
  TXT: 'ESERVFAIL',
  A: 'ESERVFAIL',
  AAAA: 'ETIMEOUT',
  MX: 'ESERVFAIL',
  PTR: 'ESERVFAIL',
} as const;
