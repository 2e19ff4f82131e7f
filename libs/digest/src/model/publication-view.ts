import type { Publication } from '#audience/publication/publication.service.js';
import type { PublicationView } from '#rendering/template/views.js';

/** What a mail says about the publication. */
export function publicationView(publication: Publication): PublicationView {
  const { name, baseUrl, postalAddress, locale, timeZone, theme } = publication;
  return { name, baseUrl, postalAddress, locale, timeZone, theme };
}

/**
 * The List-Id of a digest's mail (RFC 2919): stays the same for as long as the digest and the sender's domain do, so
 * that readers' filters keep working.
 */
export function listIdOf(
  digest: { name: string; slug: string },
  publication: { senderEmail: string },
): { name: string; id: string } {
  const domain = publication.senderEmail.slice(publication.senderEmail.lastIndexOf('@') + 1);
  return { name: digest.name, id: `${digest.slug}.${domain}` };
}
