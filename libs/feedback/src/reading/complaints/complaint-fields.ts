import { HeaderFields } from '../mime/header-fields.js';
import { addressesIn } from '../mime/addresses.js';
import type { ComplaintReport } from '../returned-mail.js';

/** Feedback that no reader gave: about a signature, or that a mail was none of spam after all. */
const NO_COMPLAINT = new Set(['not-spam', 'auth-failure', 'dmarc', 'dkim', 'spf', 'not-abuse']);

/** Reads the fields of a `message/feedback-report` (RFC 5965 §3). Lines may be apart. */
export function feedbackFields(text: string): HeaderFields {
  const block = text.replace(/\n{2,}/g, '\n').trim();
  return HeaderFields.read(block, 0, block.length).headers;
}

export function complaintReport(fields: HeaderFields): ComplaintReport {
  const field = (name: string) => fields.text(name).trim() || null;
  const arrived = new Date(fields.text('arrival-date') || fields.text('received-date'));
  return {
    feedbackType: /[\w-]{1,40}/.exec(fields.text('feedback-type').toLowerCase())?.[0] ?? 'abuse',
    userAgent: field('user-agent'),
    sourceIp: field('source-ip') ?? field('source'),
    reportedDomain: field('reported-domain'),
    arrivedAt: Number.isNaN(arrived.getTime()) ? null : arrived,
  };
}

/** Whether a reader complains by it. */
export function isComplaint({ feedbackType }: ComplaintReport): boolean {
  return !NO_COMPLAINT.has(feedbackType);
}

/** Who complained, as far as it was not redacted; lower case. */
export function complainants(fields: HeaderFields): string[] {
  const values = ['original-rcpt-to', 'removal-recipient', 'x-original-rcpt-to', 'redacted-address'].flatMap(
    (name) => fields.all(name),
  );
  const found = values.flatMap((value) => addressesIn(value)).map((address) => address.toLowerCase());
  return [...new Set(found.filter((address) => !isRedacted(address)))];
}

/** `redacted@…`, `[redacted]`, a hash: nobody's address. */
export function isRedacted(address: string): boolean {
  return /^(?:x?redacted|hidden|removed|undisclosed|unknown|recipient|[0-9a-f]{32,})[\w.+-]{0,20}@|@redacted|x{4,}@|\*{2,}/i.test(
    address,
  );
}
