import { z } from 'zod';
import type { EventKind, ProviderEvent, Verdict } from '../../hook.js';
import { providerEvent } from '../../payload/event.js';
import { numeric, parts, text, timeOf } from '../../payload/fields.js';
import { messageIdInHeaders } from '../../payload/message-id.js';
import { nameOf } from '../../payload/event-name.js';

/** https://www.scaleway.com/en/docs/transactional-email/reference-content/webhook-events-payloads/ */
const scalewayEvent = z.object({
  id: text,
  type: text,
  created_at: text,
  email_id: text,
  email_to: text,
  email_headers: parts({ key: text, value: text }),
  email_error: text,
  email_response_code: numeric,
  email_response_message: text,
  blocklist_type: text,
  blocklist_reason: text,
});

const TYPES: Record<string, { kind: EventKind; verdict: Verdict | null }> = {
  email_dropped: { kind: 'bounce', verdict: null }, // for good, of whatever cause: the reply tells
  email_mailbox_not_found: { kind: 'bounce', verdict: 'hard' },
  email_blocklisted: { kind: 'bounce', verdict: null },
  // Taken for spam by a filter or by its reader, it does not say which: no complaint to act on.
  email_spam: { kind: 'bounce', verdict: 'blocked' },
  email_deferred: { kind: 'delayed', verdict: 'soft' },
  email_delivered: { kind: 'delivered', verdict: null },
};
/** Why an address is on Scaleway's list. */
const BLOCKLIST_TYPES: Record<string, Verdict> = { mailbox_not_found: 'hard', mailbox_full: 'soft' };

/** @param published the message of SNS */
export function scalewayEvents(value: unknown, published: { id: string; at: Date }): ProviderEvent[] {
  const event = scalewayEvent.safeParse(value).data ?? scalewayEvent.parse({});
  const { kind, verdict } = TYPES[event.type ?? ''] ?? { kind: 'unknown', verdict: null };
  const told = {
    id: event.id ?? published.id,
    kind,
    name: nameOf(event.type, event.blocklist_type),
    recipient: event.email_to,
    messageId: messageIdInHeaders(event.email_headers?.map(({ key, value }) => ({ name: key, value }))),
    providerMessageId: event.email_id,
    code: event.email_response_code,
    text: event.email_response_message ?? event.blocklist_reason ?? event.email_error,
    verdict: BLOCKLIST_TYPES[event.blocklist_type ?? ''] ?? verdict,
    at: timeOf(event.created_at),
  };
  return [providerEvent(told, published.at)];
}
