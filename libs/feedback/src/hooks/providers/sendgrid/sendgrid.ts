import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { hookProvider, refused } from '../../hook.js';
import { isFresh, unixTime } from '../../proof/freshness.js';
import { headerOf } from '../../proof/headers.js';
import { readListed } from '../listed.js';
import { sendgridEvents } from './sendgrid-events.js';

/** It tries for 24 hours, and does not say whether a later attempt has a time of its own. Doubles are refused by their ids. */
const MAX_AGE_MS = 25 * 3_600_000;

/** The key as its page shows it: base64 of DER, with a PEM's lines around it or without. */
function readKey(text: string): KeyObject | undefined {
  const base64 = text.replace(/-----(?:BEGIN|END) PUBLIC KEY-----/g, '').replace(/\s/g, '');
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** SendGrid's signed event webhook. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features */
export const sendgrid = hookProvider({
  name: 'sendgrid',
  settings: z.strictObject({
    publicKey: z
      .string()
      .max(1_000)
      .refine(
        (text) => readKey(text) !== undefined,
        'must be the verification key of the signed event webhook',
      )
      .describe('The verification key of the signed event webhook. It is no secret.'),
  }),
  read(request, { publicKey }) {
    const key = readKey(publicKey);
    const signature = headerOf(request, 'x-twilio-email-event-webhook-signature');
    const timestamp = headerOf(request, 'x-twilio-email-event-webhook-timestamp');
    if (!key || !signature || !timestamp)
      return refused('signature', 'It bears no signature. Turn the signed event webhook on.');
    if (!isFresh(unixTime(timestamp), request.now, MAX_AGE_MS))
      return refused('stale', 'It was signed too long ago, or in the future.');
    const signed = Buffer.concat([Buffer.from(timestamp), request.body]);
    if (!verify('sha256', signed, key, Buffer.from(signature, 'base64')))
      return refused('signature', 'The signature does not fit.');
    return readListed(request.body, (one) => sendgridEvents(one, request.now));
  },
});
