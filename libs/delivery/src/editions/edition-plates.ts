import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { PublicationService } from '#audience/publication/publication.service.js';
import { EditionContentService } from '#digest/content/edition-content.service.js';
import { editionHeaders } from '#digest/content/edition-message.js';
import { composePlate, encodeEdition, type EncodedEdition } from '#rendering/wire/encoded-edition.js';
import { asSent } from '#rendering/links/edition-links.js';
import { asMeasured } from '#rendering/links/measured-edition.js';
import { editionInPath } from '#kernel/crypto/measured-tokens.js';
import type { VariantLines } from '#rendering/edition/lines.js';
import type { PlateHeaders } from '#rendering/wire/plate-headers.js';
import type { MessagePlate } from '#rendering/wire/plate.js';
import { MailRenderer } from '#rendering/rendering.module.js';
import { DeliveryRepository, type EditionForSending, type VariantForSending } from './delivery.repository.js';

/** Editions kept, each in one locale: they have the bytes, some hundred KB. */
const KEPT_EDITIONS = 16;
/** Plates kept. One is a list of its edition's buffers; one that many readers share becomes as large as its message. */
const KEPT_PLATES = 200;

/** Whom a plate is for: of a variant there are two at most. */
type Audience = 'everybody' | 'measured';

export interface EditionPlate {
  plate: MessagePlate;
  locale: string;
  /** What is in it. */
  articleIds: readonly string[];
}

/** Makes and keeps the plates of variants. An edition is encoded once a process; a variant costs a join. */
@Injectable()
export class EditionPlates {
  private readonly editions = new LRUCache<string, Promise<EncodedEdition>>({ max: KEPT_EDITIONS });
  private readonly plates = new LRUCache<string, EditionPlate>({ max: KEPT_PLATES });

  constructor(
    private readonly repository: DeliveryRepository,
    private readonly content: EditionContentService,
    private readonly publications: PublicationService,
    private readonly renderer: MailRenderer,
  ) {}

  /**
   * The plates of some variants of an edition, with one statement for all that are not at hand. The caller keeps them
   * as long as it needs them: here they may be gone the next moment.
   * @returns by the variant's id, every one that was asked for
   */
  load(edition: EditionForSending, variantIds: Iterable<string>): Promise<ReadonlyMap<string, EditionPlate>> {
    return this.loadOf('everybody', edition, variantIds);
  }

  /**
   * The same for readers who agreed to be measured: their plates have the placeholder `measured`, and a picture. Where nothing is counted
   * they are everybody's.
   */
  loadMeasured(
    edition: EditionForSending,
    variantIds: Iterable<string>,
  ): Promise<ReadonlyMap<string, EditionPlate>> {
    return this.loadOf('measured', edition, variantIds);
  }

  private async loadOf(
    audience: Audience,
    edition: EditionForSending,
    variantIds: Iterable<string>,
  ): Promise<ReadonlyMap<string, EditionPlate>> {
    const loaded = new Map<string, EditionPlate>();
    const missing: string[] = [];
    for (const id of new Set(variantIds)) {
      const known = this.plates.get(`${audience} ${id}`);
      if (known) loaded.set(id, known);
      else missing.push(id);
    }
    if (missing.length === 0) return loaded;
    const publication = await this.publications.current();
    const variants = await this.repository.variantsOf(missing);
    for (const contentId of new Set(variants.map((variant) => variant.contentId))) {
      const own = variants.filter((variant) => variant.contentId === contentId);
      const encoded = await this.encoded(audience, edition.id, contentId);
      const plates = await this.compose(encoded, own, ({ frozenAt }) =>
        editionHeaders(edition, frozenAt, publication),
      );
      for (const [id, plate] of plates) {
        this.plates.set(`${audience} ${id}`, plate);
        loaded.set(id, plate);
      }
    }
    const lost = missing.find((id) => !loaded.has(id));
    if (lost) throw new Error(`variant ${lost} is missing`);
    return loaded;
  }

  /** The plates of variants of one content: their lines are written together. */
  private async compose(
    encoded: EncodedEdition,
    variants: readonly VariantForSending[],
    headersFor: (variant: VariantForSending) => PlateHeaders,
  ): Promise<[string, EditionPlate][]> {
    const sets = variants.map(({ articleIds }) => articleIds);
    const lines = await this.renderer.lines(encoded.compiled, sets);
    return variants.map((variant, at) => {
      const { id, locale, articleIds, more } = variant;
      const own = lines[at] as VariantLines;
      return [
        id,
        { plate: composePlate(encoded, articleIds, own, headersFor(variant), { more }), locale, articleIds },
      ];
    });
  }

  private encoded(audience: Audience, editionId: string, contentId: string): Promise<EncodedEdition> {
    const key = `${audience} ${contentId}`;
    const known = this.editions.get(key);
    if (known) return known;
    const made = this.encode(audience, editionId, contentId);
    this.editions.set(key, made);
    made.catch(() => this.editions.delete(key)); // whoever waits for it is told
    return made;
  }

  private async encode(audience: Audience, editionId: string, contentId: string): Promise<EncodedEdition> {
    if (audience === 'everybody') return encodeEdition(asSent(await this.content.load(contentId)));
    const compiled = await this.content.load(contentId);
    const { baseUrl } = compiled.facts.publication;
    const measured = asMeasured(compiled, `${baseUrl}/o/${editionInPath(editionId)}.`);
    return measured ? encodeEdition(measured) : this.encoded('everybody', editionId, contentId);
  }
}
