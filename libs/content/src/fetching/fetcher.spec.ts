import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Fetcher, FETCH_LIMITS, type FetchLimits } from './fetcher.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

const SHORT: FetchLimits = { connectMs: 2_000, headersMs: 300, totalMs: 600, bytes: 100_000 };
const at = (address: string): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 });

describe('Fetcher', () => {
  let server: Server;
  let port: number;
  let asked: string[] = [];
  let answers: Record<string, Answer> = {};
  const base = () => `http://127.0.0.1:${port}`;
  const fetcher = (limits: Partial<FetchLimits> = {}, resolve?: (host: string) => Promise<LookupAddress[]>) =>
    new Fetcher(['127.0.0.1/32'], 'Test', { ...FETCH_LIMITS, ...limits }, resolve);

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const answer = answers[request.url ?? ''];
      if (answer) answer(request, response);
      else response.writeHead(404).end('none');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    asked = [];
    answers = {};
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const redirect =
    (status: number, location?: string): Answer =>
    (_, response) =>
      response.writeHead(status, location === undefined ? {} : { location }).end('moved');
  const says =
    (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
    (_, response) =>
      response.writeHead(200, headers).end(body);

  it('fetches, and says where from', async () => {
    answers['/a'] = (request, response) =>
      response.writeHead(200, { etag: '"1"' }).end(JSON.stringify(request.headers));
    const got = await fetcher().get(`${base()}/a#part`, { headers: { 'if-none-match': '"0"' } });
    expect(got).toMatchObject({
      status: 200,
      url: `${base()}/a`,
      permanentUrl: `${base()}/a`,
      headers: { etag: '"1"' },
    });
    expect(JSON.parse(got.body.toString())).toMatchObject({ 'user-agent': 'Test', 'if-none-match': '"0"' });
  });

  it.each([304, 404, 410, 500])('gives a %i without its body', async (status) => {
    answers['/a'] = (_, response) => response.writeHead(status).end(status === 304 ? undefined : 'words');
    expect(await fetcher().get(`${base()}/a`)).toMatchObject({ status, body: Buffer.alloc(0) });
  });

  describe('redirects', () => {
    it('remembers the permanent ones at the beginning', async () => {
      answers['/a'] = redirect(301, '/b');
      answers['/b'] = redirect(308, `${base()}/c`);
      answers['/c'] = redirect(302, '/d');
      answers['/d'] = redirect(301, '/e');
      answers['/e'] = says('here');
      const got = await fetcher().get(`${base()}/a`);
      expect(got).toMatchObject({ url: `${base()}/e`, permanentUrl: `${base()}/c` });
      expect(got.body.toString()).toBe('here');
    });

    it('follows five and no more', async () => {
      for (let step = 0; step < 7; step++) answers[`/${step}`] = redirect(307, `/${step + 1}`);
      answers['/7'] = says('here');
      expect((await fetcher().get(`${base()}/2`)).status).toBe(200);
      await expect(fetcher().get(`${base()}/1`)).rejects.toMatchObject({ code: 'redirect' });
      answers['/loop'] = redirect(302, '/loop');
      await expect(fetcher().get(`${base()}/loop`)).rejects.toMatchObject({ code: 'redirect' });
    });

    it.each([
      ['http://127.0.0.2/', 'address_refused'],
      ['http://169.254.169.254/latest/meta-data/', 'address_refused'],
      ['http://0x7f000002/', 'address_refused'],
      ['http://[::1]/', 'address_refused'],
      ['http://[::ffff:10.0.0.1]/', 'address_refused'],
      ['//localtest.example/', 'address_refused'],
      ['file:///etc/passwd', 'invalid_url'],
      ['http://me:secret@127.0.0.1/', 'invalid_url'],
      ['gopher://127.0.0.1:6379/_FLUSHALL', 'invalid_url'],
      ['http://127.0.0.1:6379/', 'invalid_url'],
      ['http://', 'invalid_url'],
      [undefined, 'redirect'],
    ])('does not follow one to %s', async (location, code) => {
      answers['/a'] = redirect(302, location);
      const resolve = () => Promise.resolve([at('10.0.0.1')]);
      await expect(fetcher({}, resolve).get(`${base()}/a`)).rejects.toMatchObject({
        name: 'FetchError',
        code,
      });
      expect(asked).toEqual(['/a']);
    });
  });

  describe('names', () => {
    it('connects to the address that was checked: DNS that answers otherwise the second time is not asked', async () => {
      answers['/a'] = says('inside');
      let times = 0;
      const resolve = () => Promise.resolve([at(++times === 1 ? '10.255.255.1' : '127.0.0.1')]);
      await expect(fetcher({}, resolve).get(`http://rebind.example:${port}/a`)).rejects.toMatchObject({
        code: 'address_refused',
        message: expect.stringContaining('rebind.example is not on the public internet') as string,
      });
      expect({ times, asked }).toEqual({ times: 1, asked: [] });

      // The other way round: the one look-up is what the socket gets; the private answer would come second.
      times = 0;
      const later = () => Promise.resolve([at(++times === 1 ? '127.0.0.1' : '127.0.0.2')]);
      expect((await fetcher({}, later).get(`http://rebind.example:${port}/a`)).body.toString()).toBe(
        'inside',
      );
      expect(times).toBe(1);
    });

    it('checks a name anew at each redirect', async () => {
      answers['/a'] = redirect(302, `http://rebind.example:8080/b`);
      const seen: string[] = [];
      const resolve = (host: string) => {
        seen.push(host);
        return Promise.resolve([at(seen.length === 1 ? '127.0.0.1' : '192.168.0.1')]);
      };
      await expect(fetcher({}, resolve).get(`http://rebind.example:${port}/a`)).rejects.toMatchObject({
        code: 'address_refused',
      });
      expect(seen).toEqual(['rebind.example', 'rebind.example']);
    });

    it('uses what is allowed of several addresses', async () => {
      answers['/a'] = says('here');
      const resolve = () => Promise.resolve([at('127.0.0.2'), at('::1'), at('127.0.0.1')]);
      expect((await fetcher({}, resolve).get(`http://several.example:${port}/a`)).body.toString()).toBe(
        'here',
      );
    });

    it.each([[[]], [[at('::1')]], [[at('::ffff:127.0.0.2')]], [[at('64:ff9b::a00:1')]], [[at('nonsense')]]])(
      'refuses a name at %j',
      async (addresses) => {
        const resolve = () => Promise.resolve(addresses);
        await expect(fetcher({}, resolve).get('http://x.example/')).rejects.toMatchObject({
          code: 'address_refused',
        });
      },
    );

    it('refuses localhost without being told what it is', async () => {
      const plain = new Fetcher([]);
      await expect(plain.get(`http://localhost:${port}/a`)).rejects.toMatchObject({
        code: 'address_refused',
      });
      await expect(plain.get(`${base()}/a`)).rejects.toMatchObject({ code: 'address_refused' });
      expect(asked).toEqual([]);
    });

    it('says that there is no such name', async () => {
      const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
      await expect(fetcher({}, resolve).get('http://nowhere.example/')).rejects.toMatchObject({
        code: 'unreachable',
        message: 'nowhere.example has no address: check its spelling.',
      });
    });
  });

  describe('sizes', () => {
    const story = Buffer.from('<p>The harbour.</p>'.repeat(100));
    it.each([
      ['gzip', gzipSync(story)],
      ['x-gzip', gzipSync(story)],
      ['deflate', deflateSync(story)],
      ['deflate', deflateRawSync(story)],
      ['br', brotliCompressSync(story)],
      ['identity', story],
    ])('reads %s', async (encoding, body) => {
      answers['/a'] = says(body, { 'content-encoding': encoding });
      expect((await fetcher().get(`${base()}/a`)).body).toEqual(story);
    });

    it.each([
      ['gzip', gzipSync(Buffer.alloc(50_000_000))],
      ['deflate', deflateSync(Buffer.alloc(50_000_000))],
      ['deflate', deflateRawSync(Buffer.alloc(50_000_000))],
      ['br', brotliCompressSync(Buffer.alloc(50_000_000))],
    ])('stops a bomb of %s', async (encoding, body) => {
      answers['/a'] = says(body, { 'content-encoding': encoding });
      await expect(fetcher({ bytes: 100_000 }).get(`${base()}/a`)).rejects.toMatchObject({
        code: 'too_large',
        message: 'The answer is larger than 0 MB.',
      });
    });

    it('stops what is announced as too large, and what is not announced', async () => {
      answers['/a'] = (_, response) => response.writeHead(200, { 'content-length': '200000' }).write('x');
      answers['/b'] = (_, response) => {
        const more = () => response.write(Buffer.alloc(10_000), () => setImmediate(more));
        response.writeHead(200);
        if (!response.destroyed) more();
      };
      for (const path of ['/a', '/b']) {
        await expect(fetcher({ bytes: 100_000 }).get(base() + path)).rejects.toMatchObject({
          code: 'too_large',
        });
      }
    });

    it.each([
      ['zstd', story],
      ['gzip, gzip', gzipSync(gzipSync(story))],
      ['constructor', story],
      ['gzip', story],
      ['gzip', gzipSync(story).subarray(0, 30)],
      ['br', story],
    ])('refuses a damaged or unknown %s', async (encoding, body) => {
      answers['/a'] = says(body, { 'content-encoding': encoding });
      await expect(fetcher().get(`${base()}/a`)).rejects.toMatchObject({ code: 'bad_answer' });
    });

    it('takes no half answer', async () => {
      answers['/a'] = (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('half', () => response.destroy());
      };
      await expect(fetcher().get(`${base()}/a`)).rejects.toMatchObject({ code: 'unreachable' });
    });
  });

  describe('times', () => {
    it('gives up on a server that never answers, and on one that never ends', async () => {
      answers['/silent'] = () => undefined;
      answers['/drip'] = (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(timer));
      };
      await expect(fetcher(SHORT).get(`${base()}/silent`)).rejects.toMatchObject({
        code: 'timeout',
        message: `127.0.0.1:${port} did not answer within 0.3 seconds.`,
      });
      await expect(fetcher(SHORT).get(`${base()}/drip`)).rejects.toMatchObject({
        code: 'timeout',
        message: `127.0.0.1:${port} did not finish within 0.6 seconds.`,
      });
    });

    it('gives up on a name that is never found', async () => {
      const never = () => new Promise<LookupAddress[]>(() => undefined);
      const limits = { ...SHORT, connectMs: 100 };
      await expect(fetcher(limits, never).get('http://slow.example/')).rejects.toMatchObject({
        code: 'timeout',
      });
    });

    it('stops when it is told to', async () => {
      answers['/silent'] = () => undefined;
      const stop = new AbortController();
      const got = fetcher().get(`${base()}/silent`, { signal: stop.signal });
      stop.abort(new Error('enough'));
      await expect(got).rejects.toThrow('enough');
    });
  });

  const peerThatSays = async (speak: (socket: Socket) => unknown) => {
    const peer = createTcpServer((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      speak(socket);
    }).listen(0, '127.0.0.1');
    await once(peer, 'listening');
    return { peer, url: `http://127.0.0.1:${(peer.address() as AddressInfo).port}/` };
  };

  it('takes no half of a body that ends with its connection', async () => {
    const { peer, url } = await peerThatSays((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    await expect(fetcher(SHORT).get(url)).rejects.toMatchObject({ code: 'timeout' });
    peer.close();
  });

  it('does not wait for a server that changes the protocol', async () => {
    const { peer, url } = await peerThatSays((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
    await expect(fetcher(SHORT).get(url)).rejects.toMatchObject({ code: 'bad_answer' });
    peer.close();
  });

  it.each([
    ['nonsense\r\n\r\n', 'bad_answer'],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 'bad_answer'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n', 'bad_answer'],
    ['', 'unreachable'],
  ])('survives a server that says %.40j', async (words, code) => {
    const { peer, url } = await peerThatSays((socket) => socket.end(words));
    await expect(fetcher().get(url)).rejects.toMatchObject({
      name: 'FetchError',
      code,
    });
    peer.close();
    await once(peer, 'close');
    await expect(fetcher().get(url)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
