import { createHash } from 'node:crypto';
import { parseAddress } from '#kernel/input/address.js';
import type { EventKind, ProviderEvent, Verdict } from '../hook.js';
import { bracketed } from './message-id.js';
import { replyIn } from './reply-in.js';

const MAX_TEXT = 1_000;
const MAX_NAME = 100;
const MAX_ID = 200;
/** Longer than any address that is one, with a name before it. */
const MAX_GIVEN_ADDRESS = 1_000;

/** What a payload says, before it is put in order. */
export interface Told {
  /** The provider's id of this event; or what makes it this event and no other, when it has none. */
  id: string | (string | number | undefined)[] | undefined;
  kind: EventKind;
  name: string | undefined;
  recipient?: string | undefined;
  messageId?: string | undefined;
  providerMessageId?: string | undefined;
  code?: number | undefined;
  status?: string | undefined;
  text?: string | undefined;
  verdict?: Verdict | null | undefined;
  at: Date | undefined;
}

/** @param now when it is said to have happened, if it does not say */
export function providerEvent(told: Told, now: Date): ProviderEvent {
  const text = (told.text ?? '').trim().slice(0, MAX_TEXT);
  const quoted = replyIn(text);
  const recipient = recipientOf(told.recipient);
  const name = (told.name ?? '').trim().slice(0, MAX_NAME) || 'unnamed';
  return {
    id: idOf(told, name, recipient),
    kind: told.kind,
    name,
    recipient,
    messageId: bracketed(told.messageId),
    providerMessageId: told.providerMessageId?.trim().slice(0, MAX_ID) || null,
    code: isReplyCode(told.code) ? told.code : quoted.code,
    status: statusOf(told.status) ?? quoted.status,
    text,
    verdict: told.verdict ?? null,
    at: told.at ?? now,
  };
}

/** The id of an event, as it came if it is one word; else a hash of what makes it up: addresses may be in it. */
function idOf(
  { id, at, messageId, providerMessageId }: Told,
  name: string,
  recipient: string | null,
): string {
  if (typeof id === 'string' && id.length <= MAX_ID && /^[\x21-\x3f\x41-\x7e]+$/.test(id)) return id;
  const parts = id ?? [name, messageId, providerMessageId, recipient ?? undefined, at?.getTime()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);
}

/** An address as addresses are compared, also out of `Name <address>`; null: none. */
export function recipientOf(given: string | undefined): string | null {
  if (given === undefined || given.length > MAX_GIVEN_ADDRESS) return null;
  const open = given.lastIndexOf('<');
  const close = given.indexOf('>', open);
  const text = (open >= 0 && close > open ? given.slice(open + 1, close) : given).trim();
  const address = parseAddress(text);
  if (typeof address !== 'string') return address.normalised;
  return text.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : null;
}

function isReplyCode(code: number | undefined): code is number {
  return code !== undefined && Number.isInteger(code) && code >= 200 && code <= 599;
}

function statusOf(status: string | undefined): string | null {
  return /^\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(status ?? '')?.[1] ?? null;
}
