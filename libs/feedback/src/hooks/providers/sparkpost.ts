import { z } from 'zod';
import { hookProvider, type EventKind, type ProviderEvent, type Verdict } from '../hook.js';
import { complaintKind } from '../payload/complaint-type.js';
import { providerEvent } from '../payload/event.js';
import { named, numeric, text, textOrNumber, timeOf } from '../payload/fields.js';
import { messageIdAmong } from '../payload/message-id.js';
import { refusalOfSecret, sharedSecretSettings } from '../proof/shared-secret.js';
import { readListed } from './listed.js';
import { nameOf } from '../payload/event-name.js';

/** A batch is 1,000 events and more, of some 1,500 bytes: https://support.sparkpost.com/docs/tech-resources/webhook-data-streams. */
const MAX_BYTES = 4 * 1_048_576;

/** https://developers.sparkpost.com/api/webhooks/ */
const sparkpostEvent = z.object({
  type: text,
  event_id: textOrNumber,
  timestamp: textOrNumber,
  message_id: textOrNumber,
  rcpt_to: text,
  raw_rcpt_to: text,
  rcpt_meta: named,
  bounce_class: numeric,
  error_code: numeric,
  raw_reason: text,
  reason: text,
  fbtype: text,
});
type SparkpostEvent = z.output<typeof sparkpostEvent>;
interface Meaning {
  kind: EventKind;
  verdict: Verdict | null;
}
const bounce = (verdict: Verdict | null): Meaning => ({ kind: 'bounce', verdict });
const NOTHING: Meaning = { kind: 'unknown', verdict: null };

/** https://support.sparkpost.com/docs/deliverability/bounce-classification-codes */
export const SPARKPOST_CLASSES: Record<number, Meaning> = {
  1: bounce(null), // undetermined
  10: bounce('hard'), // invalid recipient
  20: bounce('soft'), // soft bounce
  21: bounce('soft'), // DNS failure
  22: bounce('soft'), // mailbox full
  23: bounce('blocked'), // too large
  24: bounce('soft'), // timeout
  25: bounce('blocked'), // SparkPost's own policies
  26: bounce('blocked'), // Smart Send suppression
  30: bounce('hard'), // no such recipient
  40: bounce(null), // no specific reason
  50: bounce('blocked'), // mail block
  51: bounce('blocked'), // spam block
  52: bounce('blocked'), // spam content
  53: bounce('blocked'), // prohibited attachment
  54: bounce('blocked'), // relaying denied
  60: NOTHING, // auto-reply
  70: bounce('soft'), // transient failure
  80: NOTHING, // subscribe
  90: { kind: 'unsubscribe', verdict: null },
  100: NOTHING, // challenge
};

/** On the account's suppression list: `recipient address suppressed due to customer policy`. */
const SUPPRESSED = /\bsuppressed due to\b/i;

const byClass = ({ bounce_class }: SparkpostEvent) => SPARKPOST_CLASSES[bounce_class ?? 1] ?? bounce(null);
const notSent = (event: SparkpostEvent) =>
  bounce(SUPPRESSED.test(event.raw_reason ?? event.reason ?? '') ? 'hard' : 'blocked');
const KINDS: Record<string, (event: SparkpostEvent) => Meaning> = {
  bounce: (event) => (SUPPRESSED.test(event.raw_reason ?? '') ? notSent(event) : byClass(event)),
  out_of_band: byClass,
  delay: (event) => ({ kind: 'delayed', verdict: byClass(event).verdict ?? 'soft' }),
  policy_rejection: notSent,
  generation_rejection: notSent,
  generation_failure: () => bounce('blocked'),
  spam_complaint: ({ fbtype }) => ({ kind: complaintKind(fbtype), verdict: null }),
  list_unsubscribe: () => ({ kind: 'unsubscribe', verdict: null }),
  link_unsubscribe: () => ({ kind: 'unsubscribe', verdict: null }),
  delivery: () => ({ kind: 'delivered', verdict: null }),
};

/** SparkPost, in batches. It signs nothing. */
export const sparkpost = hookProvider({
  name: 'sparkpost',
  settings: sharedSecretSettings,
  maxBytes: MAX_BYTES,
  read: (request, { secret }) =>
    refusalOfSecret(request, secret) ?? readListed(request.body, (one) => sparkpostEvents(one, request.now)),
});

/** `{"msys": {"message_event": {…}}}`, and `{"msys": {}}`, which is how it tries whether we are there. */
const wrapped = z.object({ msys: named });

function sparkpostEvents(value: unknown, now: Date): ProviderEvent[] {
  const [inner] = Object.entries(wrapped.safeParse(value).data?.msys ?? {});
  if (!inner) return [];
  const [eventClass, content] = inner;
  const event = sparkpostEvent.safeParse(content).data ?? sparkpostEvent.parse({});
  const { kind, verdict } = KINDS[event.type ?? '']?.(event) ?? NOTHING;
  const told = {
    id: event.event_id,
    kind,
    name: nameOf(
      event.type ?? eventClass,
      event.bounce_class === undefined ? undefined : String(event.bounce_class),
    ),
    recipient: event.raw_rcpt_to ?? event.rcpt_to,
    messageId: messageIdAmong(event.rcpt_meta),
    providerMessageId: event.message_id,
    code: event.error_code,
    text: event.raw_reason ?? event.reason,
    verdict,
    at: timeOf(event.timestamp),
  };
  return [providerEvent(told, now)];
}
