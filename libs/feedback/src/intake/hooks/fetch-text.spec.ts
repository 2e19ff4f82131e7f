import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchText } from './fetch-text.js';

const ANSWERS: Record<string, RequestListener> = {
  '/certificate.pem': (_, response) => response.end('-----BEGIN CERTIFICATE-----'),
  '/empty': (_, response) => response.end(),
  '/elsewhere': (_, response) => response.writeHead(302, { location: '/certificate.pem' }).end(),
  '/gone': (_, response) => response.writeHead(404).end('not here'),
  '/long': (_, response) => response.end('x'.repeat(65_537)),
  '/longest': (_, response) => response.end('x'.repeat(65_536)),
  '/endless': (_, response) => {
    const pour = () => {
      if (!response.destroyed) response.write('x'.repeat(10_000), pour);
    };
    pour();
  },
  '/silent': () => undefined,
  '/halting': (_, response) => void response.write('-----BEGIN'),
};

describe('a text of a provider', () => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    server = createServer((request, response) => ANSWERS[request.url ?? '']?.(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['/certificate.pem', 27],
    ['/empty', 0],
    ['/longest', 65_536],
  ])('is fetched: %s', async (path, length) => {
    expect(await fetchText(origin + path)).toHaveLength(length);
  });

  it.each(['/elsewhere', '/gone', '/long', '/endless'])('is not taken from %s', async (path) => {
    await expect(fetchText(origin + path)).rejects.toThrow();
  });

  it.each(['/silent', '/halting'])('is not waited for: %s', async (path) => {
    await expect(fetchText(origin + path, 50)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
