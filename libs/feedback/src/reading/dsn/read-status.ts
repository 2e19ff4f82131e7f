import type { IncomingMail } from '../mime/incoming-mail.js';
import { textOf } from '../mime/mail-part.js';
import { looksLikeStatus, statusFields, type StatusFields } from './status-fields.js';

/** Types of a delivery status (RFC 3464, RFC 6533). */
const TYPES = new Set(['message/delivery-status', 'message/global-delivery-status', 'text/delivery-status']);

/** The delivery status of a mail, also where its part is called something else; null: it has none. */
export function statusOf(mail: IncomingMail): StatusFields | null {
  for (const part of mail.parts) {
    if (!TYPES.has(part.contentType.value)) continue;
    const fields = statusFields(textOf(part));
    if (fields.recipients.length > 0) return fields;
  }
  const text = mail.report.join('\n');
  if (looksLikeStatus(text)) {
    const begin = text.search(
      /^(?:reporting-mta|original-envelope-id|final-recipient|original-recipient)[ \t]{0,8}:/im,
    );
    const fields = statusFields(text.slice(begin));
    if (fields.recipients.length > 0) return fields;
  }
  return null;
}
