import { z } from 'zod';
import { hookProvider, type EventKind, type ProviderEvent, type Verdict } from '../hook.js';
import { providerEvent } from '../payload/event.js';
import { numeric, text, timeOf } from '../payload/fields.js';
import { refusalOfSecret, sharedSecretSettings } from '../proof/shared-secret.js';
import { readListed } from './listed.js';

/** https://developers.brevo.com/docs/transactional-webhooks. `id` is the webhook's, not the event's. */
const brevoEvent = z.object({
  event: text,
  email: text,
  'message-id': text,
  'X-Mailin-custom': text,
  reason: text,
  ts_event: numeric,
  ts_epoch: numeric, // milliseconds; the only one that is UTC for sure
});

const KINDS: Record<string, { kind: EventKind; verdict: Verdict | null }> = {
  hard_bounce: { kind: 'bounce', verdict: 'hard' },
  soft_bounce: { kind: 'bounce', verdict: 'soft' },
  invalid_email: { kind: 'bounce', verdict: 'hard' },
  error: { kind: 'bounce', verdict: 'soft' },
  blocked: { kind: 'bounce', verdict: 'blocked' },
  deferred: { kind: 'delayed', verdict: 'soft' },
  spam: { kind: 'complaint', verdict: null },
  complaint: { kind: 'complaint', verdict: null },
  unsubscribe: { kind: 'unsubscribe', verdict: null },
  unsubscribed: { kind: 'unsubscribe', verdict: null },
  delivered: { kind: 'delivered', verdict: null },
};

/** Not sent, because its reader had left before: `blocked : due to unsubscribed user`. */
const LEFT_BEFORE = /\bunsubscribed\b/i;

/** Brevo. It signs nothing, and an event has no id. */
export const brevo = hookProvider({
  name: 'brevo',
  settings: sharedSecretSettings,
  read: (request, { secret }) =>
    refusalOfSecret(request, secret) ?? readListed(request.body, (one) => brevoEvents(one, request.now)),
});

function brevoEvents(value: unknown, now: Date): ProviderEvent[] {
  const event = brevoEvent.safeParse(value).data ?? brevoEvent.parse({});
  const known = KINDS[event.event ?? ''] ?? { kind: 'unknown', verdict: null };
  const left = event.event === 'blocked' && LEFT_BEFORE.test(event.reason ?? '');
  const told = {
    id: [event.event, event['message-id'], event.email, event.ts_epoch ?? event.ts_event],
    ...(left ? { kind: 'unsubscribe' as const, verdict: null } : known),
    name: event.event,
    recipient: event.email,
    // What we put into its header of one's own comes before the id, which is Brevo's as often as not.
    messageId: event['X-Mailin-custom']?.includes('@') ? event['X-Mailin-custom'] : event['message-id'],
    providerMessageId: event['message-id'],
    text: event.reason,
    at: timeOf(event.ts_epoch, 'ms') ?? timeOf(event.ts_event),
  };
  return [providerEvent(told, now)];
}
