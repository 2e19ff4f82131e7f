import { HeaderFields } from '../mime/header-fields.js';
import { MAX_RECIPIENTS } from '../mime/limits.js';

/** The fields of a `message/delivery-status` (RFC 3464 §2), in the blocks they stand in. */
export interface StatusFields {
  /** About the whole message. */
  message: HeaderFields;
  recipients: HeaderFields[];
}

const RECIPIENT_FIELDS = ['final-recipient', 'original-recipient', 'action', 'diagnostic-code'] as const;
const ADDRESS_FIELDS = ['final-recipient', 'original-recipient'] as const;

/**
 * Reads the blocks, leniently: with no blank line between two recipients, with one inside a recipient, with the message's
 * and the recipient's fields in one.
 * @param text Latin-1 or decoded, `\n` between lines
 */
export function statusFields(text: string): StatusFields {
  let message = HeaderFields.none;
  const recipients: HeaderFields[] = [];
  for (const block of blocks(text)) {
    const { headers } = HeaderFields.read(block, 0, block.length);
    const isRecipient = RECIPIENT_FIELDS.some((name) => headers.has(name));
    if (!isRecipient) {
      if (message.size === 0) message = headers;
    } else {
      if (message.size === 0) message = headers;
      const last = recipients.at(-1);
      const isRest = last && !ADDRESS_FIELDS.some((name) => headers.has(name));
      if (isRest) recipients[recipients.length - 1] = last.with(headers);
      else if (recipients.length < MAX_RECIPIENTS) recipients.push(headers);
    }
  }
  return { message, recipients };
}

/** Whether a text that is called something else is such a part. */
export function looksLikeStatus(text: string): boolean {
  return (
    /^(?:final|original)-recipient[ \t]{0,8}:/im.test(text) && /^(?:action|status)[ \t]{0,8}:/im.test(text)
  );
}

/** Split at blank lines, and where a recipient begins anew. */
function blocks(text: string): string[] {
  const found: string[] = [];
  let lines: string[] = [];
  let seen = new Set<string>();
  const close = () => {
    if (lines.length > 0) found.push(lines.join('\n'));
    lines = [];
    seen = new Set();
  };
  for (const line of text.split('\n')) {
    const name = /^(final-recipient|original-recipient|action|status)[ \t]{0,8}:/i
      .exec(line)?.[1]
      ?.toLowerCase();
    if (line.trim() === '') close();
    else {
      if (name && seen.has(name)) close();
      if (name) seen.add(name);
      lines.push(line);
    }
  }
  close();
  return found;
}
