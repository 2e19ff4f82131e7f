import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication.service.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound } from '#kernel/errors.js';
import type { CompiledEdition } from '#rendering/compiled-edition.js';
import { resolveLocale } from '#rendering/locales.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import { fillSlots, splitSlots, type SlotValues } from '#rendering/slots.js';
import { ArchiveRepository, type SentEdition } from './archive.repository.js';
import { EditionContentRepository } from './edition-content.repository.js';
import { EditionRepository } from './edition.repository.js';

/** A sent edition with the titles of what it holds, the lead first. */
export type ArchivedEdition = SentEdition & { titles: string[] };

export interface ArchivePage {
  data: ArchivedEdition[];
  /** For `before` of the next page; null: there is none. */
  nextCursor: string | null;
}

/** A sent edition as everyone may read it. */
export interface PublicEdition extends SentEdition {
  subject: string;
  /** A whole document. */
  html: string;
  locale: string;
}

/** Sent editions for all to read. What was retracted since is left out, though the mails had it. */
@Injectable()
export class ArchiveService {
  constructor(
    private readonly database: Database,
    private readonly archive: ArchiveRepository,
    private readonly editions: EditionRepository,
    private readonly contents: EditionContentRepository,
    private readonly renderer: LookRenderer,
    private readonly clock: Clock,
  ) {}

  /** Newest first. Editions of which nothing is left are skipped. */
  async list(publicationId: string, limit: number, before?: string): Promise<ArchivePage> {
    const rows = await this.archive.sent(publicationId, limit + 1, before);
    const page = rows.slice(0, limit);
    const ids = page.map((row) => row.id);
    const titles = await this.archive.titles(ids, this.clock.now());
    const data = page.map((row) => ({
      ...row,
      titles: titles.filter((item) => item.editionId === row.id).map((item) => item.title),
    }));
    return {
      data: data.filter((item) => item.titles.length > 0),
      nextCursor: rows.length > limit ? (page.at(-1)?.slug ?? null) : null,
    };
  }

  /**
   * The frozen content of an edition, with all its articles.
   * @param wanted a language; the publication's is taken when the edition was not written in it
   * @param slots makes what stands where the mails have a reader's own links, in the language of the edition
   * @throws DomainError `not_found`; `gone` when all of its articles were retracted
   */
  async read(
    publication: Publication,
    slug: string,
    wanted: string,
    slots: (locale: string) => SlotValues,
  ): Promise<PublicEdition> {
    const sent = await this.archive.findSent(publication.id, slug);
    if (!sent) throw notFound('edition');
    const readable = await this.editions.publicArticleIdsOf(this.database.db, sent.id, this.clock.now());
    const compiled = await this.firstFrozen(sent.id, [wanted, resolveLocale(publication.locale), null]);
    const frozen = new Set(compiled.fragments.map((fragment) => fragment.articleId));
    const articleIds = readable.filter((id) => frozen.has(id));
    if (articleIds.length === 0)
      throw new DomainError('gone', 'The articles of this edition were retracted.');
    const { subject, html } = await this.renderer.variant(compiled, articleIds);
    const { locale } = compiled;
    return { ...sent, subject, locale, html: fillSlots(splitSlots(html), slots(locale), 'html') };
  }

  /** @param locales the first that it was written in is taken; null: any */
  private async firstFrozen(
    editionId: string,
    locales: readonly (string | null)[],
  ): Promise<CompiledEdition> {
    for (const locale of locales) {
      const found = await this.contents.latest(this.database.db, editionId, locale);
      if (found) return found;
    }
    throw notFound('edition');
  }
}
