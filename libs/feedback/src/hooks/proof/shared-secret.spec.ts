import { requestOf, SECRET } from '../hooks.fixture.js';
import type { HookRequest } from '../hook.js';
import { refusalOfSecret } from './shared-secret.js';

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const byQuery = (token: string) => ({ query: new URLSearchParams({ token }) });

describe('a shared secret', () => {
  it.each<[string, HookRequest['headers'], Partial<HookRequest>]>([
    ['as the password of basic authentication', basic(`postmark:${SECRET}`), {}],
    ['as that of no user', basic(`:${SECRET}`), {}],
    ['as a bearer token', { authorization: `bearer ${SECRET}` }, {}],
    ['in our header', { 'x-webhook-token': SECRET }, {}],
    ["in SparkPost's header", { 'x-messagesystems-webhook-token': SECRET }, {}],
    ['in the URL', {}, byQuery(SECRET)],
    ['beside another authorisation', { ...basic('a:b'), 'x-webhook-token': SECRET }, {}],
  ])('is found %s', (_, headers, more) => {
    expect(refusalOfSecret(requestOf('{}', headers, more), SECRET)).toBeNull();
  });

  it.each<[string, HookRequest['headers'], Partial<HookRequest>]>([
    ['nowhere', {}, {}],
    ['with one letter more', { authorization: `Bearer ${SECRET}x` }, {}],
    ['with one letter less', basic(`u:${SECRET.slice(1)}`), {}],
    ['as the user', basic(`${SECRET}:`), {}],
    ['without a colon', basic(SECRET), {}],
    ['as a scheme that is none', { authorization: SECRET }, {}],
    ['empty', { authorization: 'Bearer ', 'x-webhook-token': '' }, byQuery('')],
  ])('is refused %s', (_, headers, more) => {
    const refusal = refusalOfSecret(requestOf('{}', headers, more), SECRET);
    expect(refusal).toMatchObject({ is: 'refused', reason: 'unauthorised' });
    expect(JSON.stringify(refusal)).not.toContain(SECRET.slice(1));
  });
});
