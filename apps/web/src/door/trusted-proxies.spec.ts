import fastify from 'fastify';
import { trustedProxies } from './trusted-proxies.js';

describe('trustedProxies', () => {
  it.each([
    [false, '192.0.2.1, 198.51.100.2', '127.0.0.1'],
    [0, '192.0.2.1, 198.51.100.2', '127.0.0.1'],
    [1, '192.0.2.1, 198.51.100.2', '198.51.100.2'],
    [2, '192.0.2.1, 198.51.100.2', '192.0.2.1'],
    [5, '192.0.2.1, 198.51.100.2', '192.0.2.1'],
    [1, undefined, '127.0.0.1'],
    ['loopback', '192.0.2.1, 198.51.100.2', '198.51.100.2'],
    ['loopback, 198.51.100.0/24', '192.0.2.1, 198.51.100.2', '192.0.2.1'],
    ['10.0.0.0/8', '192.0.2.1, 198.51.100.2', '127.0.0.1'],
  ])('of %p and %p it is %p who asks', async (setting, forwarded, expected) => {
    const app = fastify({ trustProxy: trustedProxies(setting) as never });
    app.get('/', ({ ip }) => ip);
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    try {
      const answer = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }), { headers });
      expect(await answer.text()).toBe(expected);
    } finally {
      await app.close();
    }
  });
});
