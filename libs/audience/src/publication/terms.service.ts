import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { localeField, paragraphs } from './fields.js';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { PublicationService } from './publication.service.js';
import { TermsRepository, newTermsRow, type Terms } from './terms.repository.js';

export type { Terms } from './terms.repository.js';

/** A new version of the terms, in Markdown. */
export const termsInput = z
  .strictObject({ locale: localeField.optional(), text: paragraphs(100_000) })
  .meta({ id: 'NewTerms' });
export type TermsInput = z.output<typeof termsInput>;

/** The locales to look for, best first: `de-AT` → de-AT, de, then the publication's, then English. */
export function localeChain(wanted: string | null | undefined, fallback: string): string[] {
  const chain = [wanted, fallback, 'en'].flatMap((tag) => {
    const parts = (tag ?? '').split('-').filter(Boolean);
    return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
  });
  return [...new Set(chain)];
}

/** Versions of the terms. A version never changes: a new text is a new version. */
@Injectable()
export class TermsService {
  constructor(
    private readonly database: Database,
    private readonly repository: TermsRepository,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  async list(page: PageQuery): Promise<Page<Terms>> {
    const { id } = await this.publications.current();
    return toPage(await this.repository.page(id, page), page.limit);
  }

  /**
   * Publishes a text as the next version in its locale.
   */
  async publish({ locale: given, text }: TermsInput): Promise<Terms> {
    const publication = await this.publications.current();
    const locale = given ?? publication.locale;
    return this.database.transaction(async (tx) => {
      await this.repository.lockNumbering(tx);
      const [last] = await this.repository.newest(publication.id, [locale], tx);
      const row = newTermsRow(publication.id, (last?.version ?? 0) + 1, locale, text, this.clock.now());
      await this.repository.insert(tx, [row]);
      return row;
    });
  }

  /** The terms in force, in this locale or the nearest there is. */
  async current(locale?: string | null): Promise<Terms> {
    const publication = await this.publications.current();
    const chain = localeChain(locale, publication.locale);
    const found = firstIn(chain, await this.repository.newest(publication.id, chain));
    const terms = found ?? (await this.repository.newestOfAny(publication.id));
    if (!terms) throw notFound('version of the terms');
    return terms;
  }

  /** @throws DomainError `not_found` */
  async byVersion(version: number, locale?: string | null): Promise<Terms> {
    const publication = await this.publications.current();
    const chain = localeChain(locale, publication.locale);
    const usable = Number.isSafeInteger(version) && version > 0 && version < 2 ** 31;
    const rows = usable ? await this.repository.ofVersion(publication.id, version, chain) : [];
    const found = firstIn(chain, rows);
    if (!found) throw notFound('version of the terms');
    return found;
  }
}

function firstIn(chain: string[], rows: Terms[]): Terms | undefined {
  return chain.map((locale) => rows.find((row) => row.locale === locale)).find((row) => row !== undefined);
}
