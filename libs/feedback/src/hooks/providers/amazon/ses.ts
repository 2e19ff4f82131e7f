import { z } from 'zod';
import { eventsOf, hookProvider } from '../../hook.js';
import { readJson } from '../../payload/json.js';
import { readSns, type SnsRules } from '../../proof/sns.js';
import { topicsSetting } from '../../settings.js';
import { sesEvents } from './ses-events.js';

/**
 * A region is named in full: `sns.s3-us-west-2.amazonaws.com` would be a bucket of anybody's.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
const HOST = String.raw`https://sns\.[a-z]{2,4}(?:-[a-z]{2,12}){1,2}-\d{1,2}\.amazonaws\.com(?:\.cn)?`;

export const AMAZON_SNS: SnsRules = {
  certificateUrl: new RegExp(String.raw`^${HOST}/[A-Za-z0-9_-]{1,200}\.pem$`),
  confirmUrl: new RegExp(String.raw`^${HOST}/\?[\x21-\x7e]{1,2000}$`),
  // It tries for an hour at most: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
  maxAgeMs: 3_600_000,
  // Amazon publishes no authority to check against: its https host vouches for the certificate.
  isTrusted: () => true,
};

/** Amazon SES, through SNS. */
export const ses = hookProvider({
  name: 'ses',
  settings: z.strictObject({ topics: topicsSetting }),
  async read(request, { topics }, fetchCertificate) {
    const message = await readSns(request, topics, AMAZON_SNS, fetchCertificate);
    return message.is === 'notification'
      ? eventsOf(sesEvents(readJson(message.text), message), message.id)
      : message;
  },
});
