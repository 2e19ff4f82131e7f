import type { Publication } from '#audience/publication/publication.service.js';

/** The envelope's sender (MAIL FROM, RFC 5321 §3.3) of whatever a publication sends: where bounces go. */
export function envelopeSender(publication: Pick<Publication, 'senderEmail'>): string {
  return publication.senderEmail;
}
