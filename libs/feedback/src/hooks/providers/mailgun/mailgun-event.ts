import { z } from 'zod';
import type { EventKind, ProviderEvent, Verdict } from '../../hook.js';
import { providerEvent } from '../../payload/event.js';
import { numeric, part, text, timeOf } from '../../payload/fields.js';
import { messageIdAmong } from '../../payload/message-id.js';
import { nameOf } from '../../payload/event-name.js';

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure */
const event = z.object({
  id: text,
  event: text,
  timestamp: numeric,
  severity: text,
  reason: text,
  recipient: text,
  message: part({ headers: part({ 'message-id': text, to: text }) }),
  'delivery-status': part({
    code: numeric,
    message: text,
    description: text,
    'enhanced-code': text,
    'bounce-type': text,
  }),
  reject: part({ reason: text, description: text }),
});
type MailgunEvent = z.output<typeof event>;
interface Meaning {
  kind: EventKind;
  verdict: Verdict | null;
}

/** Failures that are its own: it did not try, or gave up. */
const REASONS: Record<string, Meaning> = {
  bounce: { kind: 'bounce', verdict: 'hard' },
  'suppress-bounce': { kind: 'bounce', verdict: 'hard' },
  'suppress-complaint': { kind: 'complaint', verdict: null },
  'suppress-unsubscribe': { kind: 'unsubscribe', verdict: null },
  espblock: { kind: 'bounce', verdict: 'blocked' },
  old: { kind: 'bounce', verdict: 'soft' },
  greylisted: { kind: 'bounce', verdict: 'soft' },
};
/** The same by the codes it adds to SMTP's. */
const CODES: Record<number, Meaning | undefined> = {
  605: REASONS['suppress-bounce'],
  606: REASONS['suppress-unsubscribe'],
  607: REASONS['suppress-complaint'],
};
const BOUNCE_TYPES: Record<string, Verdict> = { hard: 'hard', soft: 'soft' };

const KINDS: Record<string, (event: MailgunEvent) => Meaning> = {
  failed: failure,
  rejected: () => ({ kind: 'bounce', verdict: 'blocked' }),
  complained: () => ({ kind: 'complaint', verdict: null }),
  unsubscribed: () => ({ kind: 'unsubscribe', verdict: null }),
  delivered: () => ({ kind: 'delivered', verdict: null }),
};

function failure({ severity, reason, 'delivery-status': delivery }: MailgunEvent): Meaning {
  if (severity === 'temporary') return { kind: 'delayed', verdict: 'soft' };
  const known = CODES[delivery?.code ?? 0] ?? REASONS[reason ?? ''] ?? { kind: 'bounce', verdict: null };
  // `bounce` is said of every 5xx; its newer word is finer.
  const finer =
    reason === 'bounce' || !REASONS[reason ?? ''] ? BOUNCE_TYPES[delivery?.['bounce-type'] ?? ''] : undefined;
  return known.kind === 'bounce' && finer ? { ...known, verdict: finer } : known;
}

/** What an `event-data` of Mailgun's tells. */
export function mailgunEvent(value: unknown, now: Date): ProviderEvent {
  const told = event.safeParse(value).data ?? event.parse({});
  const delivery = told['delivery-status'];
  const { kind, verdict } = KINDS[told.event ?? '']?.(told) ?? { kind: 'unknown', verdict: null };
  const messageId = messageIdAmong(told.message?.headers);
  return providerEvent(
    {
      id: told.id,
      kind,
      name: nameOf(told.event, told.severity, told.reason),
      recipient: told.recipient ?? told.message?.headers?.to,
      messageId,
      providerMessageId: messageId,
      code: delivery?.code,
      status: delivery?.['enhanced-code'],
      text: [delivery?.message, delivery?.description, told.reject?.reason].find((one) => one),
      verdict,
      at: timeOf(told.timestamp),
    },
    now,
  );
}
