import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication.service.js';
import { EditionContentService } from '#digest/edition-content.service.js';
import { buildPlate, type MessagePlate } from '#rendering/plate.js';
import { composeVariant } from '#rendering/variant.js';
import { DeliveryRepository, type EditionForSending } from './delivery.repository.js';
import { domainOf } from '#kernel/message-id.js';

/** Plates kept in memory. One is about the size of its message. */
const CACHED_PLATES = 100;

export interface EditionPlate {
  plate: MessagePlate;
  subject: string;
  locale: string;
}

/** Makes and keeps the message plates of variants: each is built once a process, from the frozen content. */
@Injectable()
export class EditionPlates {
  private readonly plates = new Map<string, Promise<EditionPlate>>();

  constructor(
    private readonly repository: DeliveryRepository,
    private readonly content: EditionContentService,
    private readonly publications: PublicationService,
  ) {}

  get(edition: EditionForSending, variantId: string): Promise<EditionPlate> {
    const known = this.plates.get(variantId);
    if (known) return known;
    const made = this.build(edition, variantId);
    this.plates.set(variantId, made);
    made.catch(() => this.plates.delete(variantId));
    const oldest = this.plates.keys().next().value;
    if (this.plates.size > CACHED_PLATES && oldest !== undefined) this.plates.delete(oldest);
    return made;
  }

  private async build(edition: EditionForSending, variantId: string): Promise<EditionPlate> {
    const variant = await this.repository.variantOf(variantId);
    if (!variant) throw new Error(`variant ${variantId} is missing`);
    const compiled = await this.content.load(edition.id, variant.locale);
    const publication = await this.publications.current();
    const { subject, html, text } = composeVariant(compiled, variant.articleIds);
    const plate = buildPlate({
      from: { name: publication.senderName, address: publication.senderEmail },
      replyTo: publication.replyTo,
      subject,
      html,
      text,
      list: true,
      listId: { name: edition.digestName, id: `${edition.digestSlug}.${domainOf(publication.senderEmail)}` },
      extraHeaders: {
        Precedence: 'bulk',
        // Gmail groups complaint rates by it; the last part is the sender, stable.
        'Feedback-ID': `${edition.slug}:${edition.digestSlug}:edition:${domainOf(publication.senderEmail)}`,
      },
      date: edition.startedAt,
    });
    return { plate, subject, locale: variant.locale };
  }
}
