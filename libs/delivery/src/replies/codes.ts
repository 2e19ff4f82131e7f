import type { ReplyClass, ReplyStage, ReplySubject } from './reply.js';

/** What a code means by itself, where the words say nothing. */
export interface Meaning {
  class: ReplyClass;
  about: ReplySubject;
}

const dead: Meaning = { class: 'hard', about: 'address' };
const ofAddress: Meaning = { class: 'soft', about: 'address' };
const ofMailbox: Meaning = { class: 'soft', about: 'mailbox' };
const ofNetwork: Meaning = { class: 'soft', about: 'network' };
const ofProtocol: Meaning = { class: 'soft', about: 'sender' };
const notFromUs: Meaning = { class: 'blocked', about: 'sender' };
const notThis: Meaning = { class: 'blocked', about: 'content' };
const tooLargeForMailbox: Meaning = { class: 'soft', about: 'content' };

/** Permanent enhanced codes (RFC 3463 §3, RFC 5248, RFC 7505, RFC 7293), from the most to the least particular. */
const PERMANENT: readonly [RegExp, Meaning][] = [
  [/^5\.1\.(?:7|8|90)$/, notFromUs],
  [/^5\.1\.[0459]$/, ofAddress],
  [/^5\.1\./, dead],
  [/^5\.2\.1$/, dead],
  [/^5\.2\.3$/, tooLargeForMailbox],
  [/^5\.2\./, ofMailbox],
  [/^5\.3\.4$/, notThis],
  [/^5\.3\.[1-9]$/, ofNetwork],
  [/^5\.4\./, ofNetwork],
  [/^5\.5\./, ofProtocol],
  [/^5\.6\./, notThis],
  [/^5\.7\.1[378]$/, dead], // their account is disabled; mailbox or domain has another owner
  [/^5\.7\.50[45]$/, dead], // Exchange Online: no such recipient
  [/^5\.7\./, notFromUs],
];

/** Passing enhanced codes. */
const PASSING: readonly [RegExp, Meaning][] = [
  [/^4\.1\.[78]$/, notFromUs],
  [/^4\.1\./, ofAddress],
  [/^4\.2\./, ofMailbox],
  [/^4\.[34]\./, ofNetwork],
  [/^4\.[57]\./, ofProtocol],
  [/^4\.6\./, { class: 'soft', about: 'content' }],
];

/** Basic codes (RFC 5321 §4.2.3, RFC 4954 §6, RFC 7504). */
const BASIC: readonly [readonly number[], Meaning][] = [
  [[556], dead],
  [[530, 534, 535, 538, 521, 571, 573, 591], notFromUs],
  [[523, 541, 570], notThis],
  [[552], ofMailbox],
  [[500, 501, 502, 503, 504, 555], ofProtocol],
  [[421, 451], ofNetwork],
  [[450, 452], ofMailbox],
  [[454], ofProtocol],
];

export function ofStatus(status: string | null): Meaning | undefined {
  if (!status) return undefined;
  return [...PERMANENT, ...PASSING].find(([codes]) => codes.test(status))?.[1];
}

export function ofCode(code: number | null): Meaning | undefined {
  if (code === null) return undefined;
  return BASIC.find(([codes]) => codes.includes(code))?.[1];
}

/** What is said of which nothing is understood: for a person to look at, and nobody's reader is to suffer for it. */
export function ofStage(stage: ReplyStage | undefined): Meaning {
  return stage === 'data' || stage === 'message' ? notThis : notFromUs;
}
