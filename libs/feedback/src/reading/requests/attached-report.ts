import { bytesOf, leaves, type MailPart } from '../mime/mail-part.js';
import type { AttachedReport } from '../returned-mail.js';

/** RFC 9990 §3.5.2.1: `receiver!domain!begin!end[!id].xml[.gz]`. */
const DMARC_FILE =
  /^[^!\s]{1,250}![^!\s]{1,250}!\d{1,20}!\d{1,20}(?:![^!\s]{1,100})?\.(?:xml(?:\.gz)?|zip|gz)$/i;
const DMARC_SUBJECT = /report[ -]domain:\s?\S{1,250}|\bdmarc\b.{0,80}\breport|\breport\b.{0,40}\bdmarc/i;
const DMARC_TYPE =
  /^application\/(?:gzip|x-gzip|zip|x-zip(?:-compressed)?|xml|octet-stream)$|^text\/xml$|^application\/dmarc/;
const TLS_TYPE = /^application\/tlsrpt\+(?:gzip|json)$/;
const TLS_SUBJECT = /^\s*report domain:.{1,250}submitter:.{1,250}report-id:/i;

/** The aggregate report that a mail carries (DMARC, SMTP TLS); null: none. */
export function attachedReport(
  root: MailPart,
): { kind: 'dmarc_report' | 'tls_report'; report: AttachedReport | null } | null {
  const parts = leaves(root);
  const subject = root.headers.text('subject');
  const tls = parts.find(({ contentType }) => TLS_TYPE.test(contentType.value));
  const isTls =
    root.headers.has('tls-report-domain') ||
    root.contentType.parameters.get('report-type')?.toLowerCase() === 'tlsrpt';
  if (tls || isTls) return { kind: 'tls_report', report: asReport(tls ?? parts.find(isFile)) };
  const named = parts.find(({ fileName }) => fileName !== null && DMARC_FILE.test(fileName));
  const typed = parts.find((part) => DMARC_TYPE.test(part.contentType.value));
  const found = named ?? (DMARC_SUBJECT.test(subject) ? typed : undefined);
  if (!found) return null;
  return TLS_SUBJECT.test(subject) && /json/i.test(found.fileName ?? '')
    ? { kind: 'tls_report', report: asReport(found) }
    : { kind: 'dmarc_report', report: asReport(found) };
}

function isFile({ contentType, fileName }: MailPart): boolean {
  return fileName !== null || /json|gzip|octet/.test(contentType.value);
}

function asReport(part: MailPart | undefined): AttachedReport | null {
  if (!part) return null;
  return {
    contentType: part.contentType.value,
    filename: part.fileName,
    content: new Uint8Array(bytesOf(part)),
  };
}
