/** RFC 5322 §3.6.4. Stable for a delivery, so that a resend can be recognised; ids only, no address. */
export function deliveryMessageId(editionId: string, subscriberId: string, senderEmail: string): string {
  return `<${editionId.replaceAll('-', '')}.${subscriberId.replaceAll('-', '')}@${domainOf(senderEmail)}>`;
}

/** The same for a single mail. */
export function mailMessageId(mailId: string, senderEmail: string): string {
  return `<mail.${mailId.replaceAll('-', '')}@${domainOf(senderEmail)}>`;
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
