import { z } from 'zod';
import { hookProvider, type EventKind, type ProviderEvent, type Verdict } from '../hook.js';
import { providerEvent } from '../payload/event.js';
import { flag, named, numeric, text, textOrNumber, timeOf } from '../payload/fields.js';
import { messageIdAmong } from '../payload/message-id.js';
import { refusalOfSecret, sharedSecretSettings } from '../proof/shared-secret.js';
import { readListed } from './listed.js';
import { nameOf } from '../payload/event-name.js';

/** https://postmarkapp.com/developer/webhooks/bounce-webhook and its neighbours. */
const postmarkEvent = z.object({
  RecordType: text,
  ID: textOrNumber,
  Type: text,
  TypeCode: numeric,
  MessageID: text,
  Email: text,
  Recipient: text,
  Description: text,
  Details: text,
  BouncedAt: text,
  DeliveredAt: text,
  ReceivedAt: text,
  ChangedAt: text,
  SuppressSending: flag,
  SuppressionReason: text,
  Origin: text,
  Metadata: named,
});
type PostmarkEvent = z.output<typeof postmarkEvent>;

interface BounceType {
  kind: EventKind;
  verdict: Verdict | null;
}
const bounce = (verdict: Verdict | null): BounceType => ({ kind: 'bounce', verdict });
const NOTHING: BounceType = { kind: 'unknown', verdict: null };

/** https://postmarkapp.com/developer/api/bounce-api#bounce-types: code, type, what it is to us. */
export const POSTMARK_BOUNCES: readonly (readonly [number, string, BounceType])[] = [
  [1, 'HardBounce', bounce('hard')],
  [2, 'Transient', { kind: 'delayed', verdict: 'soft' }],
  [16, 'Unsubscribe', { kind: 'unsubscribe', verdict: null }],
  [32, 'Subscribe', NOTHING],
  [64, 'AutoResponder', NOTHING],
  [128, 'AddressChange', NOTHING],
  [256, 'DnsError', bounce('soft')],
  [512, 'SpamNotification', bounce('blocked')], // taken for spam by a filter: no complaint
  [1024, 'OpenRelayTest', NOTHING],
  [2048, 'Unknown', bounce(null)],
  [4096, 'SoftBounce', bounce('soft')],
  [8192, 'VirusNotification', bounce('blocked')],
  [16384, 'ChallengeVerification', NOTHING],
  [100000, 'BadEmailAddress', bounce('hard')],
  [100001, 'SpamComplaint', { kind: 'complaint', verdict: null }],
  [100002, 'ManuallyDeactivated', bounce(null)], // by whoever keeps the account, for a reason of his own
  [100003, 'Unconfirmed', NOTHING],
  [100006, 'Blocked', bounce('blocked')],
  [100007, 'SMTPApiError', bounce('blocked')],
  [100008, 'InboundError', NOTHING],
  [100009, 'DMARCPolicy', bounce('blocked')],
  [100010, 'TemplateRenderingFailed', bounce('blocked')],
];
const BY_TYPE = new Map(POSTMARK_BOUNCES.map(([, type, meaning]) => [type, meaning]));
const BY_CODE = new Map(POSTMARK_BOUNCES.map(([code, , meaning]) => [code, meaning]));

const RECORDS: Record<string, (event: PostmarkEvent) => BounceType> = {
  Bounce: ({ Type, TypeCode }) => BY_TYPE.get(Type ?? '') ?? BY_CODE.get(TypeCode ?? 0) ?? bounce(null),
  SpamComplaint: () => ({ kind: 'complaint', verdict: null }),
  Delivery: () => ({ kind: 'delivered', verdict: null }),
  // Suppressed for a bounce or a complaint: that has had its own record, and would be counted twice.
  SubscriptionChange: ({ SuppressSending, SuppressionReason, Origin }) =>
    SuppressSending === true && SuppressionReason === 'ManualSuppression' && Origin === 'Recipient'
      ? { kind: 'unsubscribe', verdict: null }
      : NOTHING,
};

/** Postmark. It signs nothing. */
export const postmark = hookProvider({
  name: 'postmark',
  settings: sharedSecretSettings,
  read: (request, { secret }) =>
    refusalOfSecret(request, secret) ?? readListed(request.body, (one) => postmarkEvents(one, request.now)),
});

function postmarkEvents(value: unknown, now: Date): ProviderEvent[] {
  const event = postmarkEvent.safeParse(value).data ?? postmarkEvent.parse({});
  const { kind, verdict } = RECORDS[event.RecordType ?? '']?.(event) ?? NOTHING;
  const at = event.BouncedAt ?? event.DeliveredAt ?? event.ChangedAt ?? event.ReceivedAt;
  const told = {
    // An ID may be greater than a JavaScript number holds exactly: alone it could be another's.
    id: [event.RecordType, event.ID, event.MessageID, event.Type, event.Email ?? event.Recipient, at],
    kind,
    name: nameOf(event.RecordType, event.Type ?? event.SuppressionReason),
    recipient: event.Email ?? event.Recipient,
    messageId: messageIdAmong(event.Metadata),
    providerMessageId: event.MessageID,
    text: event.Details ?? event.Description,
    verdict,
    at: timeOf(at),
  };
  return [providerEvent(told, now)];
}
