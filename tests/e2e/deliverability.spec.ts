import { Keyring } from '#kernel/crypto/keyring.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { newId } from '#kernel/ids.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { DnsServer, type DnsZone } from '../support/dns-server.js';

const SECRET = 'a secret of this test and of nothing else';

interface Line {
  check: string;
  about: string;
  state: string;
  found: string;
  publish: string;
  why: string;
}

const ZONE: DnsZone = {
  'news.example.org': { MX: ['10 mail.example.org'] },
  'bounce.example.org': { TXT: ['v=spf1 ip4:192.0.2.1 -all'], MX: ['10 mail.example.org'] },
  'mail.example.org': { A: ['192.0.2.1'] },
  '_dmarc.news.example.org': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@news.example.org'] },
  '_dmarc.example.org': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@example.org'] },
};

describe('deliverability, from outside', () => {
  let dns: DnsServer;
  let app: AppProcess;
  const lines = async () => (await app.api<{ data: Line[] }>('GET', '/deliverability')).body.data;
  const stateOf = (all: Line[], name: string) =>
    all.filter(({ check }) => check === name).map(({ state }) => state);

  beforeAll(async () => {
    dns = await DnsServer.start(ZONE);
    app = await startApp({
      env: {
        APP_SECRET: SECRET,
        MAIL_FROM: 'The Evening Post <post@news.example.org>',
        BOUNCE_ADDRESS: 'bounces@bounce.example.org',
        DNS_SERVERS: dns.address,
        DNS_BLOCK_LISTS: 'list.example.net',
      },
    });
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    await dns.stop();
  });

  it('is checked over the name servers that are set, and asks them once a minute', async () => {
    const first = await lines();
    expect(stateOf(first, 'spf')).toEqual(['ok']);
    expect(stateOf(first, 'spf_transport')).toEqual(['unknown']);
    expect(stateOf(first, 'dmarc')).toEqual(['ok']);
    expect(stateOf(first, 'return_path')).toEqual(['ok']);
    expect(stateOf(first, 'mx')).toEqual(['ok', 'ok']);
    expect(stateOf(first, 'list_unsubscribe')).toEqual(['fail']); // http
    const asked = dns.asked.length;
    expect(await lines()).toEqual(first);
    expect(dns.asked).toHaveLength(asked);
  });

  it('knows the keys and the server of a new transport at once', async () => {
    const relay = { name: 'relay', host: 'mail.example.org', security: 'starttls' };
    const { body } = await app.api<{ id: string }>('POST', '/transports', relay);
    const key = { algorithm: 'ed25519', selector: 'news', domain: 'example.org' };
    const made = await app.api<{ data: { record: { name: string; value: string } }[] }>(
      'POST',
      `/transports/${body.id}/dkim`,
      key,
    );
    const record = made.body.data[0]?.record;
    const missing = await lines();
    expect(stateOf(missing, 'dkim')).toEqual(['fail']);
    expect(missing.find(({ check }) => check === 'dkim')?.publish).toContain(record?.value);
    expect(stateOf(missing, 'spf_transport')).toEqual(['ok']);
    expect(stateOf(missing, 'tls_transport')).toEqual(['ok']);

    dns.zone = { ...ZONE, 'news._domainkey.example.org': { TXT: [record?.value ?? ''] } };
    const { body: again } = await app.api<{ id: string }>('PATCH', `/transports/${body.id}`, {
      name: 'our relay',
    });
    expect(again.id).toBe(body.id);
    expect(stateOf(await lines(), 'dkim')).toEqual(['ok']);
    expect(stateOf(await lines(), 'alignment_dkim')).toEqual(['ok']);
  });

  it('is printed by the CLI, which fails when something is to be mended', async () => {
    const { output, exitCode } = await runCli(app, ['deliverability', 'check']);
    expect(output).toMatch(
      /^OK {7}spf {2}bounce\.example\.org\n {2}found: {3}v=spf1 ip4:192\.0\.2\.1 -all\n/m,
    );
    expect(output).toMatch(/^FAIL {5}list_unsubscribe .*\n.*\n {2}publish: BASE_URL=https:.*\n {2}why: /m);
    expect(output).toMatch(/To be mended: 1 of \d+/);
    expect(exitCode).toBe(1);
  });

  it('tells sources of DMARC reports, of which there are none yet', async () => {
    expect((await app.api('GET', '/deliverability/sources')).body).toEqual({ data: [] });
    expect((await app.api('GET', '/deliverability/sources?days=0')).status).toBe(422);
    expect((await runCli(app, ['deliverability', 'sources', '--days', '7'])).exitCode).toBe(0);
    expect((await runCli(app, ['deliverability', 'sources', '--days', 'x'])).exitCode).toBe(1);
  });

  it('tries a link that is answered with 200 and unsubscribes nobody', async () => {
    const token = new TokenSigner(new Keyring([SECRET])).sign('unsubscribe', { subscriberId: newId() });
    expect((await app.fetch(`/unsubscribe/${token}`)).status).toBe(200);
    expect((await app.fetch(`/unsubscribe/${token.slice(0, -4)}AAAA`)).status).toBe(404);
  });

  it('is for those who may read', async () => {
    expect((await app.fetch('/api/v1/deliverability')).status).toBe(401);
  });
});
