import { z } from 'zod';
import type { EventKind, ProviderEvent, Verdict } from '../../hook.js';
import { providerEvent } from '../../payload/event.js';
import { numeric, text, timeOf } from '../../payload/fields.js';
import { nameOf } from '../../payload/event-name.js';

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const sendgridEvent = z.object({
  event: text,
  email: text,
  timestamp: numeric,
  'smtp-id': text,
  message_id: text, // a unique argument of ours, where we give one
  sg_event_id: text,
  sg_message_id: text,
  type: text,
  reason: text,
  response: text,
  status: text,
  bounce_classification: text,
});
type SendgridEvent = z.output<typeof sendgridEvent>;
interface Meaning {
  kind: EventKind;
  verdict: Verdict | null;
}
const bounce = (verdict: Verdict | null): Meaning => ({ kind: 'bounce', verdict });

/** https://www.twilio.com/docs/sendgrid/ui/analytics-and-reporting/bounce-and-block-classifications; what they leave open, the words tell. */
const CLASSIFICATIONS: Record<string, Verdict | null> = {
  'invalid address': 'hard',
  'mailbox unavailable': null,
  unclassified: null,
  technical: 'soft',
  reputation: 'blocked',
  content: 'blocked',
  'frequency or volume too high': 'blocked',
};
const BOUNCE_TYPES: Record<string, Verdict> = { bounce: 'hard', blocked: 'blocked', expired: 'soft' };

/** Why it did not try at all, by how the reason begins. */
const DROPS: readonly (readonly [string, Meaning])[] = [
  ['bounced address', bounce('hard')],
  ['invalid smtpapi', bounce('blocked')],
  ['invalid', bounce('hard')],
  ['unsubscribed', { kind: 'unsubscribe', verdict: null }],
  ['spam reporting', { kind: 'complaint', verdict: null }],
  ['spam content', bounce('blocked')],
  ['recipient list over', bounce('blocked')],
];

const KINDS: Record<string, (event: SendgridEvent) => Meaning> = {
  bounce: ({ type, bounce_classification }) => {
    const classified = CLASSIFICATIONS[bounce_classification?.trim().toLowerCase() ?? ''];
    return bounce(
      classified === undefined ? (BOUNCE_TYPES[type?.toLowerCase() ?? 'bounce'] ?? null) : classified,
    );
  },
  dropped: ({ reason, type }) => {
    const why = (reason ?? type ?? '').trim().toLowerCase();
    return DROPS.find(([beginning]) => why.startsWith(beginning))?.[1] ?? bounce('blocked');
  },
  deferred: () => ({ kind: 'delayed', verdict: 'soft' }),
  spamreport: () => ({ kind: 'complaint', verdict: null }),
  unsubscribe: () => ({ kind: 'unsubscribe', verdict: null }),
  group_unsubscribe: () => ({ kind: 'unsubscribe', verdict: null }),
  delivered: () => ({ kind: 'delivered', verdict: null }),
};

export function sendgridEvents(value: unknown, now: Date): ProviderEvent[] {
  const event = sendgridEvent.safeParse(value).data ?? sendgridEvent.parse({});
  const { kind, verdict } = KINDS[event.event ?? '']?.(event) ?? { kind: 'unknown', verdict: null };
  const told = {
    id: event.sg_event_id,
    kind,
    name: nameOf(event.event, event.type),
    recipient: event.email,
    messageId: event.message_id ?? event['smtp-id'],
    providerMessageId: event.sg_message_id,
    status: event.status,
    text: event.reason ?? event.response,
    verdict,
    at: timeOf(event.timestamp),
  };
  return [providerEvent(told, now)];
}
