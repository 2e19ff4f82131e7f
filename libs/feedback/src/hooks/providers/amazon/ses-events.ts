import { z } from 'zod';
import type { EventKind, ProviderEvent, Verdict } from '../../hook.js';
import { complaintKind } from '../../payload/complaint-type.js';
import { providerEvent, recipientOf } from '../../payload/event.js';
import { flag, numeric, part, parts, text, texts, timeOf } from '../../payload/fields.js';
import { messageIdInHeaders } from '../../payload/message-id.js';
import { nameOf } from '../../payload/event-name.js';
import { sesBounce } from './ses-verdict.js';

const recipients = parts({ emailAddress: text, status: text, diagnosticCode: text });

/**
 * What SES publishes, by identity (`notificationType`) and by configuration set (`eventType`):
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
const sesEvent = z.object({
  notificationType: text,
  eventType: text,
  mail: part({
    timestamp: text,
    messageId: text,
    destination: texts,
    headers: parts({ name: text, value: text }),
    commonHeaders: part({ messageId: text }),
  }),
  bounce: part({
    bounceType: text,
    bounceSubType: text,
    bouncedRecipients: recipients,
    timestamp: text,
    feedbackId: text,
  }),
  complaint: part({
    complainedRecipients: recipients,
    complaintFeedbackType: text,
    complaintSubType: text,
    timestamp: text,
    feedbackId: text,
  }),
  delivery: part({ recipients: texts, timestamp: text, smtpResponse: text, processingTimeMillis: numeric }),
  deliveryDelay: part({ delayType: text, delayedRecipients: recipients, timestamp: text }),
  reject: part({ reason: text }),
  failure: part({ errorMessage: text }),
  subscription: part({
    timestamp: text,
    newTopicPreferences: part({
      unsubscribeAll: flag,
      topicSubscriptionStatus: parts({ subscriptionStatus: text }),
    }),
  }),
});
type SesEvent = z.output<typeof sesEvent>;

interface Account {
  kind: EventKind;
  name?: string;
  about: {
    emailAddress?: string | undefined;
    status?: string | undefined;
    diagnosticCode?: string | undefined;
  }[];
  text?: string | undefined;
  verdict?: Verdict | null;
  at?: string | undefined;
  /** The same for all who tell of this bounce or complaint. */
  feedbackId?: string | undefined;
}

/** Delays that are about us, not about the mailbox. */
const DELAYS_OF_OURS = new Set(['SpamDetected', 'IPFailure']);

const READERS: Record<string, (event: SesEvent) => Account> = {
  Bounce: ({ bounce }) => ({
    ...sesBounce(bounce?.bounceType, bounce?.bounceSubType),
    name: nameOf('Bounce', bounce?.bounceType, bounce?.bounceSubType),
    about: bounce?.bouncedRecipients ?? [],
    at: bounce?.timestamp,
    feedbackId: bounce?.feedbackId,
  }),
  // OnAccountSuppressionList: not sent, because this reader complained before. That is news to who did not hear of it.
  Complaint: ({ complaint }) => ({
    kind: complaintKind(complaint?.complaintFeedbackType),
    name: nameOf('Complaint', complaint?.complaintSubType ?? complaint?.complaintFeedbackType),
    about: complaint?.complainedRecipients ?? [],
    at: complaint?.timestamp,
    feedbackId: complaint?.feedbackId,
  }),
  Delivery: ({ delivery }) => ({
    kind: 'delivered',
    about: (delivery?.recipients ?? []).map((emailAddress) => ({ emailAddress })),
    text: delivery?.smtpResponse,
    at: delivery?.timestamp,
  }),
  DeliveryDelay: ({ deliveryDelay }) => ({
    kind: 'delayed',
    name: nameOf('DeliveryDelay', deliveryDelay?.delayType),
    about: deliveryDelay?.delayedRecipients ?? [],
    verdict: DELAYS_OF_OURS.has(deliveryDelay?.delayType ?? '') ? 'blocked' : 'soft',
    at: deliveryDelay?.timestamp,
  }),
  Reject: ({ mail, reject }) => ({
    kind: 'bounce',
    about: (mail?.destination ?? []).map((emailAddress) => ({ emailAddress })),
    text: reject?.reason,
    verdict: 'blocked',
  }),
  'Rendering Failure': ({ mail, failure }) => ({
    kind: 'bounce',
    about: (mail?.destination ?? []).map((emailAddress) => ({ emailAddress })),
    text: failure?.errorMessage,
    verdict: 'blocked',
  }),
  Subscription: ({ mail, subscription }) => ({
    kind: leaves(subscription?.newTopicPreferences) ? 'unsubscribe' : 'unknown',
    about: (mail?.destination ?? []).map((emailAddress) => ({ emailAddress })),
    at: subscription?.timestamp,
  }),
};

function leaves(preferences: NonNullable<SesEvent['subscription']>['newTopicPreferences']): boolean {
  const topics = preferences?.topicSubscriptionStatus ?? [];
  return (
    preferences?.unsubscribeAll === true ||
    topics.some(({ subscriptionStatus }) => subscriptionStatus?.toLowerCase() === 'optout')
  );
}

/**
 * What SES tells in a notification, an event for each recipient. A text that is no event of it (it writes one when a topic is
 * connected) is one event of no kind.
 * @param published the message of SNS
 */
export function sesEvents(value: unknown, published: { id: string; at: Date }): ProviderEvent[] {
  const event = sesEvent.safeParse(value).data ?? sesEvent.parse({});
  const type = event.eventType ?? event.notificationType;
  const account = READERS[type ?? '']?.(event) ?? { kind: 'unknown' as const, about: [] };
  const id = account.feedbackId ?? published.id;
  // Named by SES even when it does not say whom it is about, so that nothing is lost unseen.
  const about = account.about.length > 0 ? account.about : [{}];
  return about.map((one: Account['about'][number]) =>
    providerEvent(
      {
        id: [id, type, recipientOf(one.emailAddress) ?? undefined],
        kind: account.kind,
        name: account.name ?? type ?? 'Notification',
        recipient: one.emailAddress,
        messageId: messageIdInHeaders(event.mail?.headers) ?? event.mail?.commonHeaders?.messageId,
        providerMessageId: event.mail?.messageId,
        status: one.status,
        text: one.diagnosticCode ?? account.text,
        verdict: account.verdict,
        at: timeOf(account.at),
      },
      published.at,
    ),
  );
}
