import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TransportOutside } from '#delivery/transports/transport-settings.js';
import { publicAddresses, sendingAddresses } from './own-addresses.js';
import { reachOurs } from './reach.js';
import { subjectOf } from './subject-of.js';

const relay = (given: Partial<TransportOutside> = {}): TransportOutside => ({
  name: 'relay',
  host: 'smtp.example.net',
  security: 'starttls',
  dkim: [],
  ...given,
});
const key = (selector: string, publicKey = 'AA') => ({ domain: 'example.org', selector, publicKey });
const INSTALLATION = {
  publication: { senderEmail: 'post@news.example.org', baseUrl: 'https://news.example.org' },
  transports: [relay()],
  bounceAddress: null,
  addresses: ['192.0.2.1'],
};

describe('subjectOf', () => {
  it('takes domains from addresses', () => {
    expect(subjectOf({ ...INSTALLATION, bounceAddress: 'bounces@bounce.example.org' })).toMatchObject({
      fromDomain: 'news.example.org',
      bounceDomain: 'bounce.example.org',
      baseUrl: 'https://news.example.org',
    });
    expect(subjectOf(INSTALLATION).bounceDomain).toBeNull();
  });

  it.each([
    ['tls', true],
    ['starttls', true],
    ['opportunistic', null],
    ['none', false],
  ] as const)('knows of %s whether it is TLS', (security, isTls) => {
    const [host] = subjectOf({ ...INSTALLATION, transports: [relay({ security })] }).transportHosts;
    expect(host).toEqual({ name: 'relay', host: 'smtp.example.net', addresses: null, isTls });
  });

  it('names a key that several transports sign with once, and two of one name both', () => {
    const transports = [
      relay({ dkim: [key('a'), key('b')] }),
      relay({ dkim: [key('a')] }),
      relay({ dkim: [key('b', 'BB')] }),
    ];
    expect(subjectOf({ ...INSTALLATION, transports }).dkim).toEqual([key('a'), key('b'), key('b', 'BB')]);
  });
});

describe('addresses that mail is sent from', () => {
  const at = (address: string, internal = false) => ({ address, internal });

  it('are the public ones of this machine', () => {
    const interfaces = {
      lo: [at('127.0.0.1', true), at('::1', true)],
      eth0: [at('10.1.2.3'), at('192.0.2.7'), at('fe80::1'), at('2001:db8::7'), at('fd00::1')],
      gone: undefined,
    };
    expect(publicAddresses(interfaces)).toEqual(['192.0.2.7', '2001:db8::7']);
  });

  it.each<[string, string[], string[] | null]>([
    ['localhost', ['192.0.2.7'], ['192.0.2.7']],
    ['127.0.0.1', ['192.0.2.7'], ['192.0.2.7']],
    ['localhost', [], null],
    ['192.0.2.7', ['192.0.2.7', '192.0.2.8'], ['192.0.2.7']],
    ['192.0.2.9', ['192.0.2.7'], null],
    ['smtp.example.net', ['192.0.2.7'], null],
    ['postfix', ['192.0.2.7'], null],
  ])('of %s, where ours are %p: %p', (host, ours, expected) => {
    expect(sendingAddresses(host, ours)).toEqual(expected);
  });
});

describe('reachOurs', () => {
  let server: Server | undefined;
  const serve = async (listener: RequestListener) => {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it('tells the status, and only gets', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, answer) => {
      asked.push(`${request.method} ${request.url}`);
      answer.writeHead(404).end('no');
    });
    expect(await reachOurs()(`${url}/unsubscribe/x`)).toEqual({ status: 404, url: `${url}/unsubscribe/x` });
    expect(asked).toEqual(['GET /unsubscribe/x']);
  });

  it.each([
    ['https://www.example.org/x', 'https://www.example.org/x'],
    ['/elsewhere', '{here}/elsewhere'],
    ['http://[', '{here}/a'],
  ])('follows no redirect, to %s', async (location, end) => {
    let asked = 0;
    const here = await serve((_, answer) => {
      asked += 1;
      answer.writeHead(302, { location }).end();
    });
    expect(await reachOurs()(`${here}/a`)).toEqual({ status: 302, url: end.replace('{here}', here) });
    expect(asked).toBe(1);
  });

  it('waits no longer than its limit', async () => {
    const url = await serve(() => undefined);
    await expect(reachOurs(30)(url)).rejects.toThrow(/timeout/i);
  });
});
