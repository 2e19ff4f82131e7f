import {
  atoms,
  bracketedMessageId,
  bracketedUrl,
  encodeListId,
  encodeMailbox,
  encodeText,
  extraHeaderLines,
  headerLine,
  plainAddress,
  type Mailbox,
} from '../template/mail-headers.js';
import { placeholderText, type PlaceholderValues } from '../template/placeholders.js';

/** Who sends a mail, and as which list: the same for all the readers of an edition. */
export interface HeadersInput {
  from: { name: string; address: string };
  replyTo?: Mailbox | string | null;
  /** RFC 2919. `id` is a host name that stays the same: `digest.news.example.org`. */
  listId: { name: string; id: string } | null;
  /** List mail carries the one-click headers and needs `unsubscribeUrl`; any other says that it is automatic. */
  list: boolean;
  extraHeaders?: Readonly<Record<string, string>>;
  date: Date;
}

/** Whom a message is for. */
export interface Stamp {
  to: Mailbox;
  /** With or without angle brackets. */
  messageId: string;
  values: PlaceholderValues;
  /** Of list mail: where a mail ends what `unsubscribeUrl` ends (RFC 2369 §3.2); null: nowhere. */
  leaveAddress?: string | null;
  /** Where complaints about it are reported to, and what names it there (RFC 9477); null: nobody is asked to. */
  complaint?: { address: string; feedbackId: string } | null;
}

/** Header lines in wire form, encoded once for all the plates of an edition. */
export interface PlateHeaders {
  lines: string;
  list: boolean;
}

/**
 * Encodes the headers that a mail has from its sender.
 * @throws DomainError `invalid_input` when a value can't be made safe
 */
export function plateHeaders(input: HeadersInput): PlateHeaders {
  const { from, replyTo, list, listId } = input;
  const reply = typeof replyTo === 'string' ? { address: replyTo } : replyTo;
  const lines = [
    headerLine('From', encodeMailbox(from, 'from')),
    reply ? headerLine('Reply-To', encodeMailbox(reply, 'replyTo')) : '',
    headerLine('Date', input.date.toUTCString().replace('GMT', '+0000')),
    listId ? headerLine('List-Id', encodeListId(listId)) : '',
    // RFC 8058 §3.1; the header it belongs to, List-Unsubscribe, is the reader's own.
    list ? 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' : '',
    // RFC 3834 §5: so that no holiday responder answers.
    list ? '' : 'Auto-Submitted: auto-generated\r\n',
    extraHeaderLines(input.extraHeaders ?? {}),
    'MIME-Version: 1.0\r\n',
  ];
  return { lines: lines.join(''), list };
}

/** The header of a variant. */
export function subjectLine(subject: string): string {
  return headerLine('Subject', encodeText(subject));
}

/** The headers of one reader. @throws DomainError `invalid_input` when an address, id or URL could break them */
export function readerLines(stamp: Stamp, list: boolean): string {
  const { to, messageId, complaint } = stamp;
  const lines =
    headerLine('To', encodeMailbox(to, 'to')) + headerLine('Message-ID', bracketedMessageId(messageId));
  return lines + (complaint ? complaintLines(complaint) : '') + (list ? leaveLine(stamp) : '');
}

/** RFC 8058 §3.1 wants an https address; RFC 2369 §2 has those first that are to be tried first. */
function leaveLine({ values, leaveAddress }: Stamp): string {
  const url = bracketedUrl(placeholderText('unsubscribeUrl', values, 'text'), 'unsubscribeUrl');
  if (!leaveAddress) return `List-Unsubscribe: ${url}\r\n`;
  const mailto = `<mailto:${plainAddress(leaveAddress, 'leaveAddress')}?subject=unsubscribe>`;
  return `List-Unsubscribe: ${url},\r\n ${mailto}\r\n`;
}

/** RFC 9477 §5: an address without brackets. */
function complaintLines({ address, feedbackId }: NonNullable<Stamp['complaint']>): string {
  const fields = [plainAddress(address, 'complaint.address'), atoms(feedbackId, 'complaint.feedbackId')];
  return `CFBL-Address: ${fields[0]}; report=arf\r\nCFBL-Feedback-ID: ${fields[1]}\r\n`;
}
