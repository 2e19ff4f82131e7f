import { ADDRESS } from '../mime/addresses.js';

/** How a line names a recipient. The first named group is the address, `words` what is said of it. */
interface RecipientLine {
  pattern: RegExp;
  /** 3: only of one that failed; 2: by a label; 1: where nothing better is found. */
  rank: 1 | 2 | 3;
}

const line = (rank: RecipientLine['rank'], source: string): RecipientLine => ({
  rank,
  pattern: new RegExp(
    source.replaceAll('ADDRESS', String.raw`(?<![\p{L}\p{N}_.+-])(?<address>${ADDRESS})`),
    'iu',
  ),
});

/** From the surest to the vaguest. Lines are at most so long; anchored where they can be. */
const MAX_LINE = 1_000;
const LINES: readonly RecipientLine[] = [
  // qmail, Postfix, Courier, Exim, Yahoo, 1&1: <address>: words; with what it was expanded from
  line(
    3,
    String.raw`^[\s>*•·-]{0,12}(?:To ?:)?<ADDRESS>(?: \((?:expanded|generated) from[^)]{0,200}\))?[ \t]{0,8}[:.,-]?(?:\.\.\.|[ \t]|$)(?<words>.*)$`,
  ),
  // alone on its line, with a bullet, in quotation marks or with a colon behind it
  line(
    3,
    String.raw`^[\s>*•·"'\[{|-]{0,12}(?:smtp:|mailto:)?ADDRESS["'\]},;|]{0,3}[ \t]{0,40}[:.]{0,3}[ \t]{0,40}$`,
  ),
  // sendmail: address... words; OpenSMTPD, Zoho: address: words; InterScan: address <<< words
  line(
    3,
    String.raw`^[\s>*•·"'-]{0,12}ADDRESS["']?(?:\.\.\.|[ \t]{0,8}[:;][ \t]|[ \t]{1,8}(?:<<<|-{1,3}>?|[\[(]|on (?:mon|tue|wed|thu|fri|sat|sun|\d)|was |is |has |failed|could|\d{3}\b|user |unknown|no such|does|mailbox))(?<words>.*)$`,
  ),
  // a name and an address, alone on their line
  line(3, String.raw`^[\s>*•·-]{0,12}[^<>@:;]{1,60}[ \t]<ADDRESS>[ \t.,]{0,4}$`),
  line(3, String.raw`^[\s>*•·-]{0,12}"[^"<>]{1,100}"[ \t]{0,4}<ADDRESS>[ \t.,]{0,4}$`),
  // Zoho and others: address and, with nothing between them, words with a code
  line(3, String.raw`^[ \t]{0,12}ADDRESS[ \t]{1,8}(?<words>[^@]{0,120}\b[45]\d\d\b.*)$`),
  // Exim with a name before it
  line(3, String.raw`^[ \t]{1,8}[^\s<>]{1,100} <ADDRESS>:(?<words>.*)$`),
  // sendmail's transcript
  line(
    3,
    String.raw`^[\s>*]{0,12}(?:<<<[ \t]{0,4})?[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3} )?<?ADDRESS>?(?:\.\.\.|[:,;]|[ \t])(?<words>.*)$`,
  ),
  line(3, String.raw`^[\s>*]{0,12}(?:<<<[ \t]{0,4})?[45]\d\d[ -].{1,200}?[<( ]ADDRESS[>)]`),
  line(2, String.raw`^[\s>*]{0,12}(?:>>>[ \t]{0,4}|sent[ \t]<<<[ \t]{0,4})?rcpt to:[ \t]{0,4}<?ADDRESS`),
  // X.400 and Exchange: …SMTP=address; on …
  line(3, String.raw`\bsmtp=ADDRESS`),
  // labels
  line(
    2,
    String.raw`\b(?:final|original|actual|failed|target|destination|rejected|intended|undelivered|unknown|bad|invalid|envelope)[ -](?:recipient|(?:e-?mail )?address|mail address|user|mailbox|e-?mail)(?:\(?e?s?\)?)?(?: address)?[ \t]{0,8}[:=][ \t]{0,8}(?:rfc822;)?[ \t"'<\[]{0,4}(?:smtp:)?ADDRESS`,
  ),
  line(
    2,
    String.raw`^[\s*>•-]{0,12}(?:recipients?(?:\(s\))?(?: address(?:es)?)?|undeliverable (?:to|address)|addressed to|error-for|user|mailbox|user name|address|e-?mail address|to address|destination|empfänger|destinataire|destinatario|destinatário|ontvanger|получатель|adresat|收件人|收件者|受信者|宛先|받는 사람)[ \t]{0,8}[:：=][ \t]{0,8}["'<\[]{0,2}(?:smtp:)?ADDRESS(?<words>.*)$`,
  ),
  line(
    2,
    String.raw`^[^\s].{0,60}\b(?:user|mailbox|account|userid|address|recipient|host|domain)[^@:]{0,40}: ?<?ADDRESS`,
  ),
  // an alias, where what it stands for is kept secret
  line(2, String.raw`\((?:generated|expanded) from:? {0,2}<?ADDRESS`),
  // sentences
  line(
    2,
    String.raw`\b(?:deliver(?:ed|y)?|send|sent|message|mail|e-mail|addressed|forward|relay|recipients?|address|user|mailbox|account|reached|reach)\b(?: (?:your|this|the|following|a|an|message|mail|e-?mail|it|was|not|be|recipients?|address|user|named|for|is))*(?: to| for| at| of)?:? {0,4}["'<(\[]{0,3}(?:mailto:)?ADDRESS`,
  ),
  line(2, String.raw`^[ \t]{0,8}(?:an|à|a|do|till|do adresu|para|aan|для|на адрес)[ :]{1,3}<?ADDRESS`),
  line(2, String.raw`["'<(\[]ADDRESS["'>)\]]`),
  line(
    1,
    String.raw`^[\s*>•|-]{0,12}(?:to|cc|an|à|para|aan|до|кому)[ \t]{0,8}[:：][ \t]{0,8}.{0,100}?<?ADDRESS`,
  ),
  line(1, `ADDRESS`),
];
/** What stands before a sender, not a recipient. */
const SENDER_LINE =
  /^[\s*>•|-]{0,12}(?:from|sender|reply-to|return-path|errors-to|message-id|x-[\w-]{1,40}|reporting-mta|mail from|>>> mail from|von|de|date|contact|subject|received|original sender|sender-mta|arrival-date|in-reply-to|x-postfix-sender|original address)[ \t]{0,8}:/i;
/** What stands right before a sender in a sentence. */
const WHOM_FROM =
  /(?<!generated |expanded |aliased )\b(?:from|sender|von|de la part de|от)[ \t]{0,4}[:(<"']{0,3}[ \t]{0,4}$/i;
/** Sentences about whom to ask. */
const HELP =
  /\b(?:contact|please (?:send|forward|write|e-?mail|report)|postmaster@|abuse@|for (?:help|assistance|further)|questions|support)\b/i;

export interface RecipientOnLine {
  address: string;
  words: string;
  rank: number;
}

/** The recipient that a line of a report names; null: none. */
export function recipientOnLine(text: string): RecipientOnLine | null {
  if (!text.includes('@') || SENDER_LINE.test(text)) return null;
  const short = text.slice(0, MAX_LINE);
  for (const { pattern, rank } of LINES) {
    const found = pattern.exec(short);
    const groups = found?.groups;
    if (groups?.address === undefined) continue;
    if (rank < 3 && WHOM_FROM.test(short.slice(0, short.indexOf(groups.address)))) continue;
    const address = groups.address.replace(/^(?:smtp:|mailto:|smtp=|rfc822;)|^['`*=]+|['`*]+$/gi, '');
    const isHelp = rank < 3 && HELP.test(short);
    return { address, words: groups.words?.trim() ?? '', rank: isHelp ? 1 : rank };
  }
  return null;
}
