import { autoReplySign, autoSubmittedOf } from './auto-replies/auto-reply.js';
import {
  complainants,
  complaintReport,
  feedbackFields,
  isComplaint,
  isRedacted,
} from './complaints/complaint-fields.js';
import { notedRecipients, plainComplaint } from './complaints/plain-complaint.js';
import { isFailureSubject } from './dialects/failure-words.js';
import { isMachineSender, isNullPath } from './dialects/machine-sender.js';
import { statusOf } from './dsn/read-status.js';
import type { StatusFields } from './dsn/status-fields.js';
import { HeaderFields } from './mime/header-fields.js';
import { incomingMail, mailOf, type IncomingMail } from './mime/incoming-mail.js';
import { MAX_MAIL_BYTES, MAX_RECIPIENTS } from './mime/limits.js';
import { textOf } from './mime/mail-part.js';
import { headersOf, messageIdsIn, returnedOriginal } from './original/returned-original.js';
import { messageIdsOf, returnPathsOf } from './original/trails.js';
import { readBounce } from './read-bounce.js';
import { attachedReport } from './requests/attached-report.js';
import { isUnsubscribe } from './requests/unsubscribe.js';
import type { ComplaintReport, ReturnedMail, ReturnedOriginal, ReturnedRecipient } from './returned-mail.js';

type Finding = Pick<ReturnedMail, 'kind'> &
  Partial<Pick<ReturnedMail, 'recipients' | 'complaint' | 'report'>>;

/** Where a header of our message may stand, and what a report says of it. */
interface Returned {
  headers: HeaderFields;
  original: ReturnedOriginal | null;
  feedback: HeaderFields | null;
}

/** What is known of a mail of which nothing could be read. @param note why */
export function unreadMail(note: string): ReturnedMail & { recipients: [] } {
  return {
    kind: 'other',
    recipients: [],
    returnPaths: [],
    messageIds: [],
    original: null,
    from: null,
    subject: '',
    messageId: null,
    autoSubmitted: null,
    isFromMachine: false,
    complaint: null,
    report: null,
    note,
  };
}

/**
 * Reads a mail that came back: what it is, about whom, and what it says. Pure; never rejects, whatever the bytes are.
 * @param raw as it was received, RFC 5322; of more than 20 MB the rest is not looked at
 */
// eslint-disable-next-line @typescript-eslint/require-await -- what reads it may come to need time
export async function readReturnedMail(raw: Uint8Array): Promise<ReturnedMail> {
  try {
    return read(unwrapped(incomingMail(raw.subarray(0, MAX_MAIL_BYTES))));
  } catch (error) {
    return unreadMail(
      `It could not be read: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}`,
    );
  }
}

/** A report that a gateway put into another mail: what is in it counts, and where it was sent to. */
function unwrapped(mail: IncomingMail): IncomingMail {
  const inner = mail.messages[0]?.parts[0];
  const isReport = inner?.contentType.parameters.get('report-type')?.toLowerCase() === 'delivery-status';
  if (!inner || !isReport || mail.messages.length > 1 || mail.root.contentType.value === 'multipart/report')
    return mail;
  return isMachineSender(mail.root.headers) ? mailOf(inner) : mail;
}

function read(mail: IncomingMail): ReturnedMail {
  const { headers } = mail.root;
  const returned = returnedOf(mail);
  const status = statusOf(mail);
  const reported = [status?.message, returned.feedback].filter(
    (fields) => fields !== undefined && fields !== null,
  );
  const finding = findingOf(mail, returned, status);
  return {
    kind: finding.kind,
    recipients: (finding.recipients ?? []).slice(0, MAX_RECIPIENTS),
    returnPaths: returnPathsOf(headers, [...reported, returned.headers]),
    messageIds: messageIdsOf(
      headers,
      returned.headers,
      reported,
      `${mail.report.join('\n')}\n${mail.returned}`,
    ),
    original: returned.original,
    from: mail.from,
    subject: mail.subject,
    messageId: messageIdsIn(headers.text('message-id'))[0] ?? null,
    autoSubmitted: autoSubmittedOf(headers),
    isFromMachine: isFromMachine(mail),
    complaint: finding.complaint ?? null,
    report: finding.report ?? null,
    note: null,
  };
}

function isFromMachine({ root: { headers, contentType } }: IncomingMail): boolean {
  if (contentType.value === 'multipart/report' || autoSubmittedOf(headers) !== null) return true;
  return isMachineSender(headers) || isNullPath(headers);
}

function returnedOf(mail: IncomingMail): Returned {
  const headers = headersOf(
    mail.messages,
    mail.returned,
    mail.parts.filter((part) => part !== mail.root && !part.isMessage),
  );
  const part = mail.parts.find(({ contentType }) => contentType.value === 'message/feedback-report');
  return {
    headers,
    original: returnedOriginal(headers),
    feedback: part ? feedbackFields(textOf(part)) : null,
  };
}

/** What it is. A report's own type goes before all; what a person's machine says goes before words that only look like a report. */
function findingOf(mail: IncomingMail, returned: Returned, status: StatusFields | null): Finding {
  const { headers, contentType } = mail.root;
  const { original } = returned;
  const reportType = contentType.parameters.get('report-type')?.toLowerCase();
  if (returned.feedback || reportType === 'feedback-report') {
    return complaintOf(complaintReport(returned.feedback ?? HeaderFields.none), returned, mail);
  }
  const text = mail.report.join('\n');
  const autoReply = autoReplySign(
    headers,
    isFailureSubject(mail.subject.slice(0, 60)) ? '' : mail.subject,
    text,
  );
  const bounce = readBounce(mail, { original, returned: returned.headers, autoReply, status });
  if (bounce) return { ...bounce, kind: bounce.kind === 'delivered' ? 'other' : bounce.kind };
  const report = attachedReport(mail.root);
  if (report) return report;
  const plain = plainComplaint(headers, returned.headers);
  if (plain) return complaintOf(plain, returned, mail);
  if (autoReply !== null || reportType === 'disposition-notification') return { kind: 'auto_reply' };
  return { kind: isUnsubscribe(mail.subject, text) ? 'unsubscribe' : 'other' };
}

function complaintOf(
  complaint: ComplaintReport,
  { feedback, headers, original }: Returned,
  mail: IncomingMail,
): Finding {
  if (!isComplaint(complaint)) return { kind: 'other', complaint };
  const told = [...(feedback ? complainants(feedback) : []), ...notedRecipients(headers)];
  const only = original?.to.length === 1 ? original.to.filter((address) => !isRedacted(address)) : [];
  const addresses = told.length > 0 ? [...new Set(told)] : only;
  const text = mail.report.join(' ').replace(/\s+/g, ' ').trim().slice(0, 1_000);
  const recipients = (addresses.length > 0 ? addresses : [null]).map((address): ReturnedRecipient => ({
    address,
    finalAddress: null,
    action: 'delivered',
    code: null,
    status: null,
    text,
    stage: null,
  }));
  return { kind: 'complaint', complaint, recipients };
}
