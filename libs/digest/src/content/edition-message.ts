import type { Publication } from '#audience/publication/publication.service.js';
import { deliveryMessageId, domainOf } from '#kernel/message-id.js';
import { greeting } from '#rendering/template/locales.js';
import { plateHeaders, type PlateHeaders, type Stamp } from '#rendering/wire/plate-headers.js';
import { listIdOf } from '../model/publication-view.js';

/** What the headers of an edition's mails say of it. */
export interface EditionNames {
  slug: string;
  digestSlug: string;
  digestName: string;
}

/** The headers that all mails of a wave have: what is sent and what is shown of it are made here alike. */
export function editionHeaders(
  edition: EditionNames,
  frozenAt: Date,
  publication: Publication,
): PlateHeaders {
  const { slug, digestSlug, digestName } = edition;
  return plateHeaders({
    from: { name: publication.senderName, address: publication.senderEmail },
    replyTo: publication.replyTo,
    list: true,
    listId: listIdOf({ name: digestName, slug: digestSlug }, publication),
    extraHeaders: {
      Precedence: 'bulk',
      // Gmail groups complaint rates by it; the last part is the sender, stable.
      'Feedback-ID': `${slug}:${digestSlug}:edition:${domainOf(publication.senderEmail)}`,
    },
    // The last waves of an edition go a day after the first: a mail dated then would be sorted in with yesterday's.
    date: frozenAt,
  });
}

/** Who gets a mail of an edition. */
export interface MailReader {
  subscriberId: string;
  email: string;
  name: string | null;
}

/**
 * What one reader's mail of an edition has of its own.
 * @param locale the mail's
 * @param links with the reader's tokens
 * @param addresses likewise
 */
export function readerStamp(
  editionId: string,
  { subscriberId, email, name }: MailReader,
  locale: string,
  publication: Pick<Publication, 'senderEmail'>,
  links: { unsubscribeUrl: string; preferencesUrl: string; measured?: string },
  { leave, complaint }: { leave?: string | null; complaint?: Stamp['complaint'] } = {},
): Stamp {
  return {
    to: { name: name ?? '', address: email },
    messageId: deliveryMessageId(editionId, subscriberId, publication.senderEmail),
    values: { address: email, greeting: greeting(locale, name), ...links },
    leaveAddress: leave ?? null,
    complaint: complaint ?? null,
  };
}
