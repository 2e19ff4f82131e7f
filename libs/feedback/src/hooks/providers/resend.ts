import { z } from 'zod';
import {
  eventsOf,
  hookProvider,
  refused,
  type EventKind,
  type ProviderEvent,
  type Verdict,
} from '../hook.js';
import { providerEvent } from '../payload/event.js';
import { part, parts, text, texts, timeOf } from '../payload/fields.js';
import { readJson } from '../payload/json.js';
import { messageIdInHeaders } from '../payload/message-id.js';
import { standardWebhooksKey, verifyStandardWebhook } from '../proof/standard-webhooks.js';
import { secretSetting } from '../settings.js';
import { nameOf } from '../payload/event-name.js';
import { sesBounce } from './amazon/ses-verdict.js';

const MIN_KEY_BYTES = 16; // the specification's is 24

/** https://resend.com/docs/webhooks/event-types */
const resendEvent = z.object({
  type: text,
  created_at: text,
  data: part({
    email_id: text,
    message_id: text,
    to: texts,
    headers: parts({ name: text, value: text }),
    bounce: part({ type: text, subType: text, message: text, diagnosticCode: texts }),
    failed: part({ reason: text }),
    suppressed: part({ type: text, message: text }),
  }),
});
type ResendEvent = NonNullable<z.output<typeof resendEvent>['data']>;
interface Meaning {
  kind: EventKind;
  verdict: Verdict | null;
  text?: string | undefined;
  subType?: string | undefined;
}

const KINDS: Record<string, (data: ResendEvent) => Meaning> = {
  'email.bounced': ({ bounce }) => ({
    ...sesBounce(bounce?.type, bounce?.subType),
    // The server's own words before Resend's.
    text: bounce?.diagnosticCode?.[0] ?? bounce?.message,
    subType: nameOf(bounce?.type, bounce?.subType),
  }),
  'email.suppressed': ({ suppressed }) => ({
    ...sesBounce('Permanent', suppressed?.type),
    text: suppressed?.message,
    subType: suppressed?.type,
  }),
  'email.failed': ({ failed }) => ({
    kind: 'bounce',
    verdict: 'blocked',
    text: failed?.reason,
    subType: failed?.reason,
  }),
  'email.delivery_delayed': () => ({ kind: 'delayed', verdict: 'soft' }),
  'email.complained': () => ({ kind: 'complaint', verdict: null }),
  'email.delivered': () => ({ kind: 'delivered', verdict: null }),
};

/** Resend, by Standard Webhooks. https://resend.com/docs/webhooks/verify-webhooks-requests */
export const resend = hookProvider({
  name: 'resend',
  settings: z.strictObject({
    secret: secretSetting('The signing secret of the webhook, whsec_…').refine(
      (secret) => standardWebhooksKey(secret).length >= MIN_KEY_BYTES,
      'must be whsec_ and base64',
    ),
  }),
  read(request, { secret }) {
    const proof = verifyStandardWebhook(request, secret);
    if ('is' in proof) return proof;
    const event = resendEvent.safeParse(readJson(request.body));
    if (!event.success) return refused('shape', 'The body is no event, in JSON.');
    return eventsOf([eventOf(event.data, proof.id, request.now)], proof.id);
  },
});

function eventOf(
  { type, created_at, data }: z.output<typeof resendEvent>,
  id: string,
  now: Date,
): ProviderEvent {
  const meaning = KINDS[type ?? '']?.(data ?? {}) ?? { kind: 'unknown', verdict: null };
  return providerEvent(
    {
      id,
      kind: meaning.kind,
      name: nameOf(type, meaning.subType),
      // Of several recipients it does not say which one it is about.
      recipient: data?.to?.length === 1 ? data.to[0] : undefined,
      messageId: messageIdInHeaders(data?.headers) ?? data?.message_id,
      providerMessageId: data?.email_id,
      text: meaning.text,
      verdict: meaning.verdict,
      at: timeOf(created_at),
    },
    now,
  );
}
