import { z } from 'zod';
import { hookProvider, type EventKind, type ProviderEvent, type Verdict } from '../hook.js';
import { providerEvent } from '../payload/event.js';
import { flag, numeric, text, textOrNumber, timeOf } from '../payload/fields.js';
import { refusalOfSecret, sharedSecretSettings } from '../proof/shared-secret.js';
import { readListed } from './listed.js';
import { nameOf } from '../payload/event-name.js';

/** https://dev.mailjet.com/email/guides/webhooks/ */
const mailjetEvent = z.object({
  event: text,
  time: numeric,
  email: text,
  MessageID: textOrNumber,
  Message_GUID: text,
  CustomID: text,
  Payload: text,
  hard_bounce: flag,
  error_related_to: text,
  error: text,
  comment: text,
  smtp_reply: text,
});
type MailjetEvent = z.output<typeof mailjetEvent>;
interface Meaning {
  kind: EventKind;
  verdict: Verdict | null;
}
const bounce = (verdict: Verdict | null): Meaning => ({ kind: 'bounce', verdict });

/** https://dev.mailjet.com/email/guides/webhooks/#possible-values-for-errors */
export const MAILJET_ERRORS: Record<string, Meaning> = {
  'user unknown': bounce('hard'),
  'mailbox inactive': bounce('hard'),
  'quota exceeded': bounce('soft'),
  blacklisted: bounce('blocked'),
  'spam reporter': { kind: 'complaint', verdict: null }, // not sent: this reader complained before
  'invalid domain': bounce('hard'),
  'no mail host': bounce('hard'),
  'relay/access denied': bounce('blocked'),
  greylisted: { kind: 'delayed', verdict: 'soft' },
  typofix: bounce('hard'),
  'bad or empty template': bounce('blocked'),
  'error in template language': bounce('blocked'),
  'sender blocked': bounce('blocked'),
  'content blocked': bounce('blocked'),
  'policy issue': bounce('blocked'),
  'system issue': bounce('soft'),
  'protocol issue': bounce('soft'),
  'connection issue': bounce('soft'),
  preblocked: bounce('soft'), // not sent: it bounced lately, for whomever
  'duplicate in campaign': bounce('blocked'),
};

const KINDS: Record<string, (event: MailjetEvent) => Meaning> = {
  bounce: failure,
  blocked: failure,
  spam: () => ({ kind: 'complaint', verdict: null }),
  unsub: () => ({ kind: 'unsubscribe', verdict: null }),
  sent: () => ({ kind: 'delivered', verdict: null }), // the reader's server took it
};

function failure({ error, hard_bounce }: MailjetEvent): Meaning {
  const known = MAILJET_ERRORS[error?.trim().toLowerCase() ?? ''];
  if (known) return known.kind === 'delayed' && hard_bounce === true ? bounce('soft') : known;
  return bounce(hard_bounce === undefined ? null : hard_bounce ? 'hard' : 'soft');
}

/** Mailjet. It signs nothing, and an event has no id. */
export const mailjet = hookProvider({
  name: 'mailjet',
  settings: sharedSecretSettings,
  read: (request, { secret }) =>
    refusalOfSecret(request, secret) ?? readListed(request.body, (one) => mailjetEvents(one, request.now)),
});

function mailjetEvents(value: unknown, now: Date): ProviderEvent[] {
  const event = mailjetEvent.safeParse(value).data ?? mailjetEvent.parse({});
  const { kind, verdict } = KINDS[event.event ?? '']?.(event) ?? { kind: 'unknown', verdict: null };
  const told = {
    id: [event.event, event.Message_GUID ?? event.MessageID, event.email, event.time, event.error],
    kind,
    name: nameOf(event.event, event.error),
    recipient: event.email,
    messageId: [event.CustomID, event.Payload].find((one) => one?.includes('@')),
    // MessageID is greater than a JavaScript number holds exactly.
    providerMessageId: event.Message_GUID ?? event.MessageID,
    text: [event.smtp_reply, event.comment, nameOf(event.error_related_to, event.error)].find((one) => one),
    verdict,
    at: timeOf(event.time),
  };
  return [providerEvent(told, now)];
}
