import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound } from '#kernel/errors/errors.js';
import { resolveLocale } from '#rendering/template/locales.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import {
  fillPlaceholders,
  splitAtPlaceholders,
  type PlaceholderValues,
} from '#rendering/template/placeholders.js';
import { ArchiveRepository, type SentEdition } from './archive.repository.js';
import { EditionContentRepository } from '../content/edition-content.repository.js';
import { EditionRepository } from '../model/edition.repository.js';

/** A sent edition with the titles of what it holds, the lead first. */
export type ArchivedEdition = SentEdition & { titles: string[] };

export interface ArchivePage {
  data: ArchivedEdition[];
  /** For `before` of the next page; null: there is none. */
  nextCursor: string | null;
}

/** A sent edition, what of it may be read now, and where its content is. Content is never changed once it is frozen. */
export interface FoundEdition extends SentEdition {
  /** In their order. */
  articleIds: string[];
  contentId: string;
}

/** A sent edition as everyone may read it. */
export interface PublicEdition {
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
   * What an edition's page is made of, without reading any of its content. Two that are equal make the same page.
   * @param wanted a language; the publication's is taken when the edition was not written in it
   * @throws DomainError `not_found`; `gone` when all of its articles were retracted
   */
  async find(publication: Publication, slug: string, wanted: string): Promise<FoundEdition> {
    const sent = await this.archive.findSent(publication.id, slug);
    if (!sent) throw notFound('edition');
    const { db } = this.database;
    const articleIds = await this.editions.publicArticleIdsOf(db, sent.id, this.clock.now());
    if (articleIds.length === 0) throw gone();
    const frozen = await this.contents.idsOf(db, sent.id);
    const [first] = [wanted, resolveLocale(publication.locale)].flatMap(
      (locale) => frozen.find((content) => content.locale === locale) ?? [],
    );
    const content = first ?? frozen[0];
    if (!content) throw notFound('edition');
    return { ...sent, articleIds, contentId: content.id };
  }

  /**
   * The frozen content of an edition, with all its articles that may still be read.
   * @param values makes what stands where the mails have a reader's own links, in the language of the edition
   * @throws DomainError `gone` when none of them is in it
   */
  async compose(found: FoundEdition, values: (locale: string) => PlaceholderValues): Promise<PublicEdition> {
    const compiled = await this.contents.find(this.database.db, found.contentId);
    if (!compiled) throw notFound('edition');
    const frozen = new Set(compiled.fragments.map((fragment) => fragment.articleId));
    const articleIds = found.articleIds.filter((id) => frozen.has(id));
    if (articleIds.length === 0) throw gone();
    const { subject, html } = await this.renderer.variant(compiled, articleIds);
    const { locale } = compiled;
    return { subject, locale, html: fillPlaceholders(splitAtPlaceholders(html), values(locale), 'html') };
  }
}

function gone(): DomainError {
  return new DomainError('gone', 'The articles of this edition were retracted.');
}
