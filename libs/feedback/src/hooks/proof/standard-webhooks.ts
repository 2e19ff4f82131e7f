import { createHmac } from 'node:crypto';
import { isSameSecret } from '#kernel/crypto/same-secret.js';
import { refused, type HookReading, type HookRequest } from '../hook.js';
import { isFresh, unixTime } from './freshness.js';
import { headerOf } from './headers.js';

const SECRET_PREFIX = 'whsec_';
/** Each attempt has a time of its own, so this is only about clocks and replays. */
const MAX_AGE_MS = 300_000; // 5 min: https://docs.svix.com/receiving/verifying-payloads/how-manual
/** While a secret is changed there are two. */
const MAX_SIGNATURES = 10;

/** The key in a secret, `whsec_` and base64; empty if it is none. */
export function standardWebhooksKey(secret: string): Buffer {
  const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
}

/**
 * Verifies a request after https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: HMAC-SHA256
 * of id, time and body, `v1`, in headers `webhook-…` or Svix's `svix-…`.
 * @returns the id of the message, the same at each attempt
 */
export function verifyStandardWebhook(request: HookRequest, secret: string): { id: string } | HookReading {
  const header = (name: string) => headerOf(request, `svix-${name}`) ?? headerOf(request, `webhook-${name}`);
  const [id, timestamp, signatures] = [header('id'), header('timestamp'), header('signature')];
  if (!id || !timestamp || !signatures) return refused('signature', 'It bears no signature.');
  if (!isFresh(unixTime(timestamp), request.now, MAX_AGE_MS))
    return refused('stale', 'It was signed too long ago, or in the future.');
  const wanted = createHmac('sha256', standardWebhooksKey(secret))
    .update(`${id}.${timestamp}.`)
    .update(request.body)
    .digest('base64');
  const given = signatures.split(' ', MAX_SIGNATURES);
  return given.some((one) => isSameSecret(one, `v1,${wanted}`))
    ? { id }
    : refused('signature', 'The signature does not fit.');
}
