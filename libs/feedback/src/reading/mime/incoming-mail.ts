import { splitReturned } from '../dialects/returned-marks.js';
import { addressIn } from './addresses.js';
import { htmlText } from './html-text.js';
import { MAX_TEXT_CHARACTERS, MAX_TEXT_LINES } from './limits.js';
import { leaves, mailParts, textOf, type MailPart } from './mail-part.js';

/** A mail as the readers of its kinds look at it. */
export interface IncomingMail {
  root: MailPart;
  parts: MailPart[];
  /** Messages in it, whole or their headers. */
  messages: MailPart[];
  /** Lower case; null: it names none. */
  from: string | null;
  subject: string;
  /** Its words, to where it returns or quotes a message; lines. */
  report: string[];
  /** What stands below that, in the text. */
  returned: string;
}

const SKIPPED = /^(?:image|audio|video|font)\/|^application\/(?!x-ms-|octet|text)/;

/** Takes a mail apart and gathers its words: plain ones, else those of HTML. */
export function incomingMail(raw: Uint8Array): IncomingMail {
  return mailOf(mailParts(raw));
}

/** The same of a mail that is apart already, such as one in another. */
export function mailOf(root: MailPart): IncomingMail {
  const parts = leaves(root);
  const { report, returned } = splitReturned(wordsOf(parts), MAX_TEXT_LINES);
  return {
    root,
    parts,
    messages: parts.filter((part) => part.isMessage),
    from: addressIn(root.headers.text('from'))?.toLowerCase() ?? null,
    subject: root.headers.text('subject').trim().slice(0, 1_000),
    report,
    returned,
  };
}

function wordsOf(parts: readonly MailPart[]): string {
  const texts = parts.filter(
    ({ contentType: { value }, isMessage }) =>
      !isMessage && !SKIPPED.test(value) && !value.startsWith('message/'),
  );
  const plain = texts.filter(({ contentType: { value } }) => value !== 'text/html');
  const joined = joinedText(plain.map((part) => textOf(part)));
  if (joined.trim() !== '') return /^\s{0,20}<(?:!doctype|html)\b/i.test(joined) ? htmlText(joined) : joined;
  return joinedText(texts.filter((part) => !plain.includes(part)).map((part) => htmlText(textOf(part))));
}

function joinedText(texts: readonly string[]): string {
  return texts.join('\n\n').slice(0, MAX_TEXT_CHARACTERS);
}
