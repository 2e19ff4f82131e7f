import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { rawRequest } from '../../../../tests/support/raw-request.js';
import { clearSessionCookie, sessionToken, setSessionCookie } from './session-cookie.js';

describe.each([
  [true, '__Host-broadsheet', ['Secure']],
  [false, 'broadsheet-session', []],
])('with https %s', (https, name, secure) => {
  let site: FastifyInstance;
  let url: string;
  beforeAll(async () => {
    site = Fastify();
    await site.register(cookie);
    site.get('/', (request) => ({ token: sessionToken(request, https) }));
    site.get('/in', (_, reply) => {
      setSessionCookie(reply, 'a-b_c', https);
      return {};
    });
    site.get('/out', (_, reply) => {
      clearSessionCookie(reply, https);
      return {};
    });
    url = await site.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => site.close());
  const partsOf = async (path: string) => {
    const { headers } = await rawRequest(url, path);
    return String(headers['set-cookie']).split('; ').sort();
  };

  it('is bound to this host and site, out of reach of scripts', async () => {
    const common = ['HttpOnly', 'Path=/', 'SameSite=Strict', ...secure];
    expect(await partsOf('/in')).toEqual([...common, 'Max-Age=43200', `${name}=a-b_c`].sort());
    expect(await partsOf('/out')).toEqual(
      [...common, 'Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT', `${name}=`].sort(),
    );
  });

  it.each([
    [`${name}=one`, 'one'],
    [`other=1; ${name}=one; ${name}=two`, 'one'],
    [`x${name}=one`, undefined],
    ['__Host-broadsheet-session=one; broadsheet=two', undefined],
    ['', undefined],
  ])('finds the token in %j', async (header, token) => {
    const { body } = await rawRequest(url, '/', { headers: { cookie: header } });
    expect(JSON.parse(String(body))).toEqual(token === undefined ? {} : { token });
  });
});
