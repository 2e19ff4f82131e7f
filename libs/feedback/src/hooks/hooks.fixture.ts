import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { HookReading, HookRequest, ProviderEvent } from './hook.js';

/** What the specs of this room share: requests as providers send them, signed with keys made here. */
export const NOW = new Date('2026-11-28T09:30:00Z');
export const SECRET = 'a-word-that-nobody-will-guess';
export const OUR_MESSAGE_ID = '<e1.s1@news.example.org>';

export const minutesBefore = (minutes: number, at = NOW) => new Date(at.getTime() - minutes * 60_000);

/** @param body a text or bytes as they are, or a value that is sent as JSON */
export function requestOf(
  body: unknown,
  headers: HookRequest['headers'] = {},
  more: Partial<HookRequest> = {},
): HookRequest {
  return {
    headers,
    body:
      body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    now: NOW,
    query: new URLSearchParams(),
    ...more,
  };
}

export const withSecret = (body: unknown) => requestOf(body, { authorization: `Bearer ${SECRET}` });

export const noCertificate = () => Promise.reject(new Error('nothing is fetched here'));

/** The events of a reading. @throws when it is none of events */
export function eventsIn(reading: HookReading): ProviderEvent[] {
  if (reading.is !== 'events') throw new Error(JSON.stringify(reading));
  return reading.events;
}

/** What matters of an event, in a line: kind, verdict, recipient. */
export const gist = ({ kind, verdict, recipient }: ProviderEvent) =>
  [kind, verdict ?? '-', recipient ?? '-'].join(' ');

export const RESEND_SECRET = `whsec_${Buffer.from('twenty-four bytes of key').toString('base64')}`;

/** A request that is signed by Standard Webhooks. */
export function signedByStandardWebhooks(body: unknown, at = NOW, id = 'msg_1'): HookRequest {
  const request = requestOf(body);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(RESEND_SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${id}.${timestamp}.${Buffer.from(request.body).toString()}`)
    .digest('base64');
  return {
    ...request,
    headers: { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` },
  };
}

const sendgridKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const SENDGRID_PUBLIC_KEY = sendgridKeys.publicKey
  .export({ format: 'der', type: 'spki' })
  .toString('base64');

export function signedBySendgrid(body: unknown, at = NOW): HookRequest {
  const request = requestOf(body);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = sign(
    'sha256',
    Buffer.concat([Buffer.from(timestamp), request.body]),
    sendgridKeys.privateKey,
  );
  return {
    ...request,
    headers: {
      'x-twilio-email-event-webhook-signature': signature.toString('base64'),
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
  };
}

export const MAILGUN_KEY = '0123456789abcdef-signing-key';

export function signedByMailgun(eventData: unknown, at = NOW, token = 'a'.repeat(50)): HookRequest {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', MAILGUN_KEY).update(`${timestamp}${token}`).digest('hex');
  return requestOf({ signature: { timestamp, token, signature }, 'event-data': eventData });
}
