import { folded } from './phrases.js';
import type { Reply, ReplyStage } from './reply.js';

/** What is looked at of a reply. Servers take 512 octets a line (RFC 5321 §4.5.3.1.5); what says why comes first. */
const LOOKED_AT = 2_000;

/** A reply, ready to be understood. */
export interface ReadReply {
  /** The basic code: as given, or the first in the text; null: none. */
  code: number | null;
  /** The enhanced code: as given, or the first in the text; null: none. */
  status: string | null;
  /** The same, but of the text where what was given says nothing (`5.0.0`). */
  telling: string | null;
  stage: ReplyStage | undefined;
  /** Lower case, without accents, punctuation, codes, addresses (`@`), host names and links. */
  words: string[];
}

/** Takes a reply apart: its codes, where it was said, and its words. */
export function readReply({ code, status, text, stage }: Reply): ReadReply {
  const shown = text.slice(0, LOOKED_AT);
  const inText = statusIn(shown);
  const given = status && STATUS_ALONE.test(status.trim()) ? status.trim() : null;
  return {
    code: code ?? codeIn(shown),
    status: given ?? inText,
    telling: inText && (!given || GENERIC.test(given)) ? inText : given,
    stage: stage ?? stageIn(shown),
    words: wordsOf(shown),
  };
}

const STATUS_ALONE = /^[245]\.\d{1,3}\.\d{1,3}$/;
/** RFC 3463 §3.1: X.0.0 says no more than the basic code. */
const GENERIC = /^\d\.0\.\d/;
/** Not within an IP address or a version: `5.1.1`, `(#5.1.1)`, `5.1.1.`. */
const STATUS_WITHIN = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d]|\.\d)/;

function statusIn(text: string): string | null {
  return STATUS_WITHIN.exec(text)?.[0] ?? null;
}

/** At the start, after `smtp;`, `said:`, `<<<`, `#<` and the like; not just any number. */
const CODE_WITHIN = /(?:^|[;:>'"#<(]|\bserver|\berror) {0,3}([2-5][0-7]\d)(?=[ -]|$)/im;

function codeIn(text: string): number | null {
  const found = CODE_WITHIN.exec(text)?.[1];
  return found ? Number(found) : null;
}

/** What mail servers add of their own when they pass on what another said to them: Postfix, Exim, Sendmail. */
const STAGES: readonly [RegExp, ReplyStage][] = [
  [
    /in reply to (?:initial server greeting|[he]{2}lo command)|refused to talk to me|after initial connection/i,
    'connect',
  ],
  [/in reply to mail from command|after (?:pipelined )?mail from:|>>> mail from:/i, 'mail'],
  [/in reply to rcpt to command|after (?:pipelined )?rcpt to:|\[rcpt_to\]|>>> rcpt to:/i, 'rcpt'],
  [/in reply to data command|after (?:pipelined )?data\b/i, 'data'],
  [/in reply to end of data command|after end of data/i, 'message'],
];

function stageIn(text: string): ReplyStage | undefined {
  const line = text.replace(/\s+/g, ' ');
  return STAGES.find(([words]) => words.test(line))?.[1];
}

/** What others' servers say around a reply, and what would be misread. */
const AROUND = [
  /\(in reply to [a-z ]{1,40}command\)/g,
  /\bhost \S{1,255} (?:said|refused to talk to me):/g,
  /\bremote (?:host|server) (?:said|replied):/g,
  /smtp error from remote (?:mail )?server after [a-z ]{1,30}:?/g,
  /unknown address error/g, // IronPort, before whatever was said
  /unrecognized (?:authentication|command)/g,
];
const LINK = /\bhttps?:\/\/\S+/g;
/** What may be a host name. */
const DOTTED = /[a-z0-9-][a-z0-9.-]*/g;
/** `mx1.spam.example.org`, `blocked.example.com`; not `failed.please`, `resolver.adr.recipnotfound`. */
const HOST_NAME = /\.(?:[a-z]{2}|com|net|org|edu|gov|info|biz|mil|example|test|invalid|local)\.?$/;
/** Names of lists and of explanations that say why, even where only a link has them. */
const TELLING_NAMES =
  /spamhaus|spamcop|sorbs|barracudacentral|abuseat|uribl|surbl|mailspike|invaluement|senderscore|cloudmark|hostkarma|mail-abuse|dnsbl|dnswl|nosuchuser|disableduser|overquota\w*|unsolicited\w*|dmarcrejection/g;
/** Numbers that say nothing: reply codes, and enhanced codes. */
const CODES = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d]|\.\d)|(?<![\d.])[245][0-5]\d(?=[ -])/g;

function wordsOf(text: string): string[] {
  let plain = folded(text)
    .replace(/\s+/g, ' ')
    .replace(/e-mail/g, 'email')
    .replace(/['’`´]/g, '');
  for (const phrase of AROUND) plain = plain.replace(phrase, ' ');
  const telling: string[] = [];
  const keep = (name: string): string => {
    telling.push(...(name.match(TELLING_NAMES) ?? []));
    return ' ';
  };
  plain = withoutAddresses(plain)
    .replace(LINK, keep)
    .replace(DOTTED, (name) => (HOST_NAME.test(name) ? keep(name) : name))
    .replace(CODES, ' ');
  return [...plain.split(NOT_OF_WORD), ...telling].filter((word) => word !== '');
}

const NOT_OF_WORD = /[^\p{L}\p{M}\p{N}_@]+/u;

/** What an address may not have, as servers write it in a sentence. */
const AROUND_ADDRESS = new Set(' \t<>()[]",;:|{}');

/** Puts `@` for each address, and for a name in `<…>`: an address may be called spam@ or quota@. */
function withoutAddresses(text: string): string {
  let result = '';
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', done)) {
    let start = at;
    while (
      start > done &&
      !AROUND_ADDRESS.has(text[start - 1] as string) &&
      !text.startsWith('..', start - 2)
    )
      start -= 1;
    let end = at + 1;
    while (end < text.length && /[a-z0-9.@_-]/.test(text[end] as string) && !text.startsWith('..', end))
      end += 1;
    result += `${text.slice(done, start)} @ `;
    done = end;
  }
  return (result + text.slice(done)).replace(/<[^<>\s]{1,320}>/g, ' @ ');
}
