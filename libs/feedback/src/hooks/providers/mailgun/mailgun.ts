import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { isSameSecret } from '#kernel/crypto/same-secret.js';
import { eventsOf, hookProvider, refused } from '../../hook.js';
import { readJson } from '../../payload/json.js';
import { isFresh, unixTime } from '../../proof/freshness.js';
import { secretSetting } from '../../settings.js';
import { mailgunEvent } from './mailgun-event.js';

/** Its attempts go on for 8 hours, each with the signature of the first: https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-retries. */
const MAX_AGE_MS = 9 * 3_600_000;

const envelope = z.object({
  signature: z.object({
    timestamp: z.union([z.string(), z.number().transform(String)]),
    token: z.string().min(1).max(200),
    signature: z.string().max(200),
  }),
  'event-data': z.unknown(),
});

/** Mailgun. What it signs is a time and a word that it uses once, not the event. https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks */
export const mailgun = hookProvider({
  name: 'mailgun',
  settings: z.strictObject({
    signingKey: secretSetting('The HTTP webhook signing key of the account (no API key).'),
  }),
  read(request, { signingKey }) {
    const body = envelope.safeParse(readJson(request.body));
    if (!body.success) return refused('shape', 'This is no event of Mailgun’s, with its signature.');
    const { timestamp, token, signature } = body.data.signature;
    const wanted = createHmac('sha256', signingKey).update(timestamp).update(token).digest('hex');
    if (!isSameSecret(signature, wanted)) return refused('signature', 'The signature does not fit.');
    if (!isFresh(unixTime(timestamp), request.now, MAX_AGE_MS))
      return refused('stale', 'It was signed too long ago, or in the future.');
    return eventsOf([mailgunEvent(body.data['event-data'], request.now)], token);
  },
});
