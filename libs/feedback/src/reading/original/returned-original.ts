import { HeaderFields } from '../mime/header-fields.js';
import { addressIn, mailboxes } from '../mime/addresses.js';
import type { MailPart } from '../mime/mail-part.js';
import type { ReturnedOriginal } from '../returned-mail.js';

/** The header of our message as far as it came back, wherever it stood. */
export function headersOf(
  messages: readonly MailPart[],
  returnedText: string,
  others: readonly MailPart[],
): HeaderFields {
  for (const part of messages) {
    const inner = part.parts[0]?.headers ?? HeaderFields.none;
    // Some leave out the empty line between the part's header and the message's: it is one.
    for (const headers of [inner, part.headers]) if (isOfMessage(headers)) return headers;
  }
  const inText = textHeaders(returnedText);
  if (inText.size > 0) return inText;
  // Pasted in as a part of its own, its header as the part's.
  return (
    others.find(({ headers }) => headers.has('received') && headers.has('from'))?.headers ?? HeaderFields.none
  );
}

function isOfMessage(headers: HeaderFields): boolean {
  return ['from', 'message-id', 'received', 'to', 'cfbl-feedback-id'].some((name) => headers.has(name));
}

/** What tells our message by its header; null: nothing does. */
export function returnedOriginal(headers: HeaderFields): ReturnedOriginal | null {
  const field = (name: string) => headers.text(name) || null;
  const original: ReturnedOriginal = {
    messageId: messageIdsIn(headers.text('message-id'))[0] ?? null,
    from: addressIn(headers.text('from'))?.toLowerCase() ?? null,
    to: mailboxes(headers.all('to').join(', '))
      .map((address) => address.toLowerCase())
      .slice(0, 100),
    listId: field('list-id'),
    feedbackId: field('feedback-id'),
    cfblFeedbackId: field('cfbl-feedback-id'),
    listUnsubscribe: field('list-unsubscribe'),
    returnPath: addressIn(headers.text('return-path')),
  };
  const { to, ...single } = original;
  const isEmpty = to.length === 0 && Object.values(single).every((value) => value === null);
  return isEmpty ? null : original;
}

/** Every `<…@…>` of a field. */
export function messageIdsIn(field: string): string[] {
  if (!field.includes('@')) return [];
  const framed = field.match(/<[^<>\s]{1,250}@[^<>\s]{1,250}>/g);
  if (framed) return framed.slice(0, 50);
  const bare = /^\s*([^<>\s]{1,250}@[^<>\s]{1,250})\s*$/.exec(field)?.[1];
  return bare ? [`<${bare}>`] : [];
}

/** A header that stands in the text of a report: below a line, indented, quoted. */
function textHeaders(text: string): HeaderFields {
  const lines = text.slice(0, 65_536).split('\n');
  const begin = lines.findIndex((line) => /^[>|\s]{0,8}[!-9;-~]{2,60}:[ \t]/.test(line));
  if (begin === -1) return HeaderFields.none;
  const frame = /^[>|\s]*/.exec(lines[begin] ?? '')?.[0] ?? '';
  const plain = lines
    .slice(begin, begin + 400)
    .map((line) => (line.startsWith(frame) ? line.slice(frame.length) : line));
  const header = plain.join('\n');
  return HeaderFields.read(header, 0, header.length).headers;
}
