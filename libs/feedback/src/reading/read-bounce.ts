import { isChallenge, type AutoReplySign } from './auto-replies/auto-reply.js';
import { isFailureSubject, toneOf, type FailureTone } from './dialects/failure-words.js';
import { isMachineSender, isNullPath } from './dialects/machine-sender.js';
import { isRefusal, readDialect, unnamedRecipient } from './dialects/read-dialect.js';
import { isGeneral } from './dialects/reply-parts.js';
import type { StatusFields } from './dsn/status-fields.js';
import { statusRecipient } from './dsn/status-recipient.js';
import { addressesIn, mailboxes } from './mime/addresses.js';
import type { HeaderFields } from './mime/header-fields.js';
import type { IncomingMail } from './mime/incoming-mail.js';
import type { ReturnedOriginal, ReturnedRecipient } from './returned-mail.js';

/** A mail about one that was not delivered, or not yet; `delivered`: it tells that all is well. */
export interface Bounce {
  kind: 'bounce' | 'delayed' | 'delivered';
  recipients: ReturnedRecipient[];
}

/** What else is known of the mail. */
export interface BounceContext {
  original: ReturnedOriginal | null;
  /** The header of what came back. */
  returned: HeaderFields;
  autoReply: AutoReplySign;
  /** The delivery status; null: it has none. */
  status: StatusFields | null;
}

/** What asks the sender to show that he is a person, in the shape of a report. */
const CHALLENGE = /^\s*x-boxbe|not pre-approved|challenge[- ]response|sender verification required/i;
/** A person's answer or forward, whatever its words. */
const PERSONS_PREFIX = /^\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|enc|i|r|antw|odp|ynt|ответ|回复|转发|答复)\s?[:：]/i;

/** Reads a report of what could not be delivered: by its fields (RFC 3464), else by its words; null: it is none. */
export function readBounce(mail: IncomingMail, context: BounceContext): Bounce | null {
  const spoken = readDialect(mail.report, oursIn(mail, context.original));
  return byFields(mail, spoken, context) ?? byWords(mail, spoken, context);
}

function byFields(mail: IncomingMail, spoken: ReturnedRecipient[], context: BounceContext): Bounce | null {
  const { status } = context;
  if (!status || isChallenge(mail.root.headers)) return null;
  if (status.recipients.some((fields) => CHALLENGE.test(fields.text('diagnostic-code')))) return null;
  const told = status.recipients.map((fields) => statusRecipient(fields));
  const open = told.filter(({ action }) => action === 'failed' || action === 'delayed');
  if (open.length === 0) return { kind: 'delivered', recipients: [] };
  const recipients = open.map((its) => forwarded(completed(its, spoken, open.length), context.returned));
  const complete =
    recipients.length === 1 ? recipients.map((its) => withOnlyName(its, context.original)) : recipients;
  return {
    kind: complete.some(({ action }) => action === 'failed') ? 'bounce' : 'delayed',
    recipients: distinct(complete),
  };
}

/** One for each address: what failed goes before what is delayed, else what was said first. */
function distinct(recipients: readonly ReturnedRecipient[]): ReturnedRecipient[] {
  const found = new Map<string, ReturnedRecipient>();
  for (const [at, its] of recipients.entries()) {
    const key = its.address ?? String(at);
    const known = found.get(key);
    if (!known || (known.action === 'delayed' && its.action === 'failed')) found.set(key, its);
  }
  return [...found.values()];
}

function byWords(mail: IncomingMail, spoken: ReturnedRecipient[], context: BounceContext): Bounce | null {
  const tone = toneIn(mail, spoken, context);
  if (tone === null) return null;
  if (tone === 'delivered') return { kind: 'delivered', recipients: [] };
  const found = named(mail, spoken, context.original);
  const recipients = found.map((its) => ({ ...forwarded(its, context.returned), action: tone }));
  return { kind: tone === 'failed' ? 'bounce' : 'delayed', recipients };
}

/** Whom a field of the report names goes before whom its words do, unless they are the same. */
function named(
  mail: IncomingMail,
  spoken: ReturnedRecipient[],
  original: ReturnedOriginal | null,
): ReturnedRecipient[] {
  const failed = mail.root.headers
    .all('x-failed-recipients')
    .flatMap((value) => addressesIn(value))
    .map((address) => address.toLowerCase());
  const isSame = spoken.some((its) =>
    failed.some((address) => address === its.address || address === its.finalAddress),
  );
  if (spoken.length > 0 && (failed.length === 0 || isSame)) return spoken;
  const unnamed = unnamedRecipient(mail.report);
  if (failed.length > 0) return failed.map((address) => ({ ...unnamed, address }));
  return [withOnlyName(unnamed, original)];
}

/** Whether the words are a report's, and what they amount to. Whoever is no machine must say more. */
function toneIn(
  mail: IncomingMail,
  spoken: ReturnedRecipient[],
  { autoReply, returned }: BounceContext,
): FailureTone {
  const { headers, contentType } = mail.root;
  const tone = toneOf(mail.subject, mail.report);
  if (isChallenge(headers)) return null;
  const isReport = contentType.parameters.get('report-type')?.toLowerCase() === 'delivery-status';
  if (isReport || headers.has('x-failed-recipients'))
    return autoReply === 'certain' && !isReport ? null : (tone ?? 'failed');
  if (autoReply === 'certain') return null;
  const isFailure = isFailureSubject(mail.subject);
  const isNamed = spoken.length > 0;
  const isReturned = mail.messages.length > 0 || returned.size > 0 || mail.returned !== '';
  if (isMachineSender(headers)) {
    if (tone !== null && (isFailure || isNamed || isReturned || isNullPath(headers))) return tone;
    return isFailure || (isNamed && isRefusal(mail.report.join('\n').slice(0, 8_000))) ? 'failed' : null;
  }
  if (PERSONS_PREFIX.test(mail.subject) || autoReply === 'said') return null;
  return tone !== null && isFailure && (isNamed || isReturned) ? tone : null;
}

/** What the fields leave out, from the words above them. */
function completed(its: ReturnedRecipient, spoken: ReturnedRecipient[], open: number): ReturnedRecipient {
  const also =
    spoken.find(
      ({ address }) => address !== null && (address === its.address || address === its.finalAddress),
    ) ?? (open === 1 && spoken.length === 1 ? spoken[0] : undefined);
  if (!also) return its;
  const isVague = its.status === null || isGeneral(its.status);
  const isSilent = its.text === '' || (its.code === null && !isRefusal(its.text));
  const text =
    isSilent || (isVague && its.code === null) ? `${its.text} ${also.text}`.trim().slice(0, 1_000) : its.text;
  return {
    ...its,
    address: its.address ?? also.address,
    code: its.code ?? also.code,
    status: isVague ? (also.status ?? its.status) : its.status,
    text,
    stage: its.stage ?? also.stage,
  };
}

/** Where the server that sent it on noted to whom it came. */
function forwarded(its: ReturnedRecipient, returned: HeaderFields): ReturnedRecipient {
  if (its.finalAddress !== null) return its;
  const noted = mailboxes(returned.raw('x-original-to'))[0]?.toLowerCase();
  if (!noted || noted === its.address) return its;
  return { ...its, address: noted, finalAddress: its.address };
}

/** Of a report that names nobody: the only one that our message was for. */
function withOnlyName(its: ReturnedRecipient, original: ReturnedOriginal | null): ReturnedRecipient {
  if (its.address !== null) return its;
  return { ...its, address: original?.to.length === 1 ? (original.to[0] ?? null) : null };
}

/** Addresses in a report that are not who failed: ours, and its sender's. */
function oursIn(mail: IncomingMail, original: ReturnedOriginal | null): Set<string> {
  const { headers } = mail.root;
  const fields = ['to', 'cc', 'from', 'delivered-to', 'return-path', 'reply-to', 'sender', 'errors-to'];
  const own = fields.flatMap((name) => headers.all(name).flatMap((value) => addressesIn(value)));
  return new Set(
    [...own, original?.from ?? '', original?.returnPath ?? ''].map((address) => address.toLowerCase()),
  );
}
