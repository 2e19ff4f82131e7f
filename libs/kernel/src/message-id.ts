import { idFromBytes } from './ids.js';

/** RFC 5322 §3.6.4. Stable for a delivery, so that a resend can be recognised; ids only, no address. */
export function deliveryMessageId(editionId: string, subscriberId: string, senderEmail: string): string {
  return `<${editionId.replaceAll('-', '')}.${subscriberId.replaceAll('-', '')}@${domainOf(senderEmail)}>`;
}

/** The same for a single mail. */
export function mailMessageId(mailId: string, senderEmail: string): string {
  return `<mail.${mailId.replaceAll('-', '')}@${domainOf(senderEmail)}>`;
}

/** What a Message-ID of ours names. @returns null: it is none of ours, by its shape */
export function messageOf(
  messageId: string,
): { editionId: string; subscriberId: string } | { mailId: string } | null {
  const [, first = '', second = ''] =
    /^<?(mail|[0-9a-f]{32})\.([0-9a-f]{32})@[^@>]*>?$/i.exec(messageId.trim()) ?? [];
  if (second === '') return null;
  const id = (hex: string) => idFromBytes(Buffer.from(hex, 'hex'));
  return first.toLowerCase() === 'mail'
    ? { mailId: id(second) }
    : { editionId: id(first), subscriberId: id(second) };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
