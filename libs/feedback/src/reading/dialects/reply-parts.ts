import type { ReplyStage } from '#delivery/replies/reply.js';
import { MAX_REPLY_CHARACTERS } from '../mime/limits.js';

/** What stands in the words of a refusal. */
export interface ReplyParts {
  code: number | null;
  status: string | null;
  stage: ReplyStage | null;
}

/** A basic code with the enhanced one behind it: nothing else looks like it. */
const PAIR = /(?<![\d.])([245][0-5]\d)[ \t\n#(-]{1,4}([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/;
/** A basic code where a reply begins. */
const CODES = [
  /(?:said|replied|responded|response|reply|returned|error|answer|code|reason|smtp|x400|status|host|data|line):?[ \t\n"'<(]{0,3}#?([245][0-5]\d)(?![\d.%])(?![ \t]*(?:k|m|g)?b(?:ytes)?\b)/i,
  /(?:^|\n|<<<|>>>|;|:|->)[ \t"'<(]{0,8}#?([245][0-5]\d)(?=[ \t-]{1,3}[\p{L}#<"'([*]|[ \t]*$|[;:,)-])/imu,
  /[ ('"<#]([45][0-5]\d)(?=[ -](?:<|[#'"]|\p{L}{2}))(?![ -](?:[kmg]?b|bytes|[kmg]bytes|characters|recipients|messages|hours|minutes|seconds|days|times|lines)\b)/iu,
];
const STATUS = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)/g;
/** Of a status that says no more than its class. Microsoft's `x.0.350` stands before what the other server said. */
const GENERAL = /^[245]\.(?:0\.\d{1,3}|[1-9]\.0|4\.300)$/;

/** Where in the dialogue words of that kind are said, the surest first. */
const STAGES: readonly [RegExp, ReplyStage][] = [
  [
    /in reply to (?:the )?end of data|after (?:the )?end of data|after i sent the message|after sending (?:the )?(?:message|data)|(?:in|for) text command|\bafter message body\b|<<< [245]\d\d[^\n]{0,200}message (?:content )?rejected|\bafter \.(?![a-z])/i,
    'message',
  ],
  [
    /in reply to (?:the )?rcpt|after rcpt|rcpt to (?:command )?(?:generated|failed)|>>> rcpt|does not like recipient|response to "?rcpt|\brcpt[_ ]to\b|\[rcpt_?to\]|for rcpt command|during rcpt/i,
    'rcpt',
  ],
  [
    /in reply to (?:the )?mail from|after mail from|>>> mail from|sender was rejected|response to "?mail|response to mail from|\[mail_?from\]|during mail from/i,
    'mail',
  ],
  [
    /in reply to (?:the )?data|after data|>>> data\b|failed on data command|data command generated|\bduring data\b|\[data\]/i,
    'data',
  ],
  [
    /in reply to (?:the )?(?:ehlo|helo)|after (?:ehlo|helo|initial connection|connect)|greeting failed|my name was rejected|refused to talk to me|connect(?:ion)? (?:to [^\n]{1,120} )?(?:timed out|refused|failed|died|lost|was dropped)|couldn'?t find any host|host (?:or domain name )?not found|no route to host|establish an smtp connection|unknown host|response to "?(?:ehlo|helo)|smtp connection failed/i,
    'connect',
  ],
];

/** Takes the codes and the stage out of the words of a refusal. */
export function replyParts(text: string): ReplyParts {
  const words = text.slice(0, 4 * MAX_REPLY_CHARACTERS);
  return { code: codeIn(words), status: statusIn(words), stage: stageIn(words) };
}

/** The basic code; null: none. Numbers that are no codes (sizes, parts of addresses) are passed over. */
export function codeIn(text: string): number | null {
  const pair = PAIR.exec(text);
  if (pair) return Number(pair[1]);
  for (const pattern of CODES) {
    const found = pattern.exec(text)?.[1];
    if (found) return Number(found);
  }
  return null;
}

/** The enhanced status code, one that says something before one that does not; null: none. */
export function statusIn(text: string): string | null {
  const beside = PAIR.exec(text)?.[2];
  if (beside && !isGeneral(beside)) return beside;
  const all = [...text.matchAll(STATUS)].map(([status]) => status).slice(0, 50);
  return all.find((status) => !isGeneral(status)) ?? beside ?? all[0] ?? null;
}

/** Whether a status says nothing but that it failed: `5.0.0`. */
export function isGeneral(status: string): boolean {
  return GENERAL.test(status);
}

export function stageIn(text: string): ReplyStage | null {
  return STAGES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Words as they are kept: one line, without what only frames them. */
export function replyText(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_REPLY_CHARACTERS);
}
