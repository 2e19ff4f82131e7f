import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication.service.js';
import { ArticleService } from '#content/article.service.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound, wrongState } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import type { CompiledEdition } from '#rendering/compiled-edition.js';
import { EditionCompiler, type EditionInput } from '#rendering/edition-compiler.js';
import { resolveLocale } from '#rendering/locales.js';
import { composeVariant } from '#rendering/variant.js';
import { DigestRepository, type DigestRow } from './digest.repository.js';
import { EditionContentRepository, type VariantRow } from './edition-content.repository.js';
import { EditionRepository, type EditionRow } from './edition.repository.js';
import { publicationView } from './publication-view.js';

/** Which variant the readers of a locale get. */
export interface VariantAssignment {
  /** As it stands in the subscriber's row: `de-AT`. */
  subscriberLocale: string;
  variantId: string;
  /** The locale it is written in: `de`. */
  locale: string;
}

/** An edition whose content is frozen: every variant is compiled, composed and stored. */
export interface PreparedEdition {
  editionId: string;
  digestId: string;
  publicationId: string;
  articleIds: string[];
  /** One for each locale among the readers at that time. */
  assignments: VariantAssignment[];
  /** For a reader of another locale, who came after the locales were looked up. */
  fallbackVariantId: string;
  warnings: string[];
}

/** An edition with all that it is compiled from. */
export interface EditionContext {
  edition: EditionRow;
  digest: DigestRow;
  publication: Publication;
}

/** The content of editions: compiled once per locale, then frozen. */
@Injectable()
export class EditionContentService {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly contents: EditionContentRepository,
    private readonly articles: ArticleService,
    private readonly publications: PublicationService,
    private readonly compiler: EditionCompiler,
    private readonly clock: Clock,
  ) {}

  /**
   * Compiles and stores everything that its readers will get, before the first of them gets anything. A run that was
   * cut short is taken up where it ended, and two at once come to the same result.
   *
   * Articles that were retracted or put under embargo meanwhile are left out.
   * @throws DomainError `invalid_input` when no article is left, or a template or subject fails on some variant;
   *   `wrong_state` when it is not being prepared; `not_found`
   */
  async prepare(editionId: string): Promise<PreparedEdition> {
    const context = await this.context(editionId);
    const { edition, digest, publication } = context;
    // Whoever signed up in the same moment as the digest became a default was not yet to be seen then.
    if (digest.isDefault) await this.digests.subscribeFollowers(this.database.db, publication.id, digest.id);
    const own = resolveLocale(publication.locale);
    const articleIds = await this.decideArticles(edition, own);
    const wanted = await this.digests.audienceLocales(this.database.db, digest.id);
    const pairs = wanted.map((locale) => [locale, resolveLocale(locale, publication.locale)] as const);
    const variantIds = new Map<string, string>();
    const warnings: string[] = [];
    for (const locale of new Set([own, ...pairs.map(([, resolved]) => resolved)])) {
      const compiled = await this.ensureContent(context, locale, articleIds);
      warnings.push(...composeVariant(compiled, articleIds).warnings);
      const variantId = await this.contents.ensureVariant(this.database.db, edition.id, locale, articleIds);
      variantIds.set(locale, variantId);
    }
    const idOf = (locale: string) => variantIds.get(locale) as string;
    return {
      editionId: edition.id,
      digestId: digest.id,
      publicationId: publication.id,
      articleIds,
      assignments: pairs.map(([subscriberLocale, locale]) => ({
        subscriberLocale,
        variantId: idOf(locale),
        locale,
      })),
      fallbackVariantId: idOf(own),
      warnings: await this.storeWarnings(edition.id, warnings),
    };
  }

  /** The frozen content in a locale. @throws DomainError `not_found` before the edition is prepared */
  async load(editionId: string, locale: string): Promise<CompiledEdition> {
    const content = await this.contents.find(this.database.db, editionId, locale);
    if (!content) throw notFound(`content of the edition in "${locale}"`);
    return content;
  }

  /** @throws DomainError `not_found` */
  async variant(variantId: string): Promise<VariantRow> {
    const row = isId(variantId) ? await this.contents.findVariant(this.database.db, variantId) : undefined;
    if (!row) throw notFound('variant');
    return row;
  }

  /** The edition with its digest and publication. @throws DomainError `not_found` */
  async context(editionId: string): Promise<EditionContext> {
    const edition = isId(editionId) ? await this.editions.findById(this.database.db, editionId) : undefined;
    if (!edition) throw notFound('edition');
    const digest = await this.digests.findById(this.database.db, edition.publicationId, edition.digestId);
    if (!digest) throw notFound('digest');
    return { edition, digest, publication: await this.publications.current() };
  }

  /** What an edition of these articles is compiled from. */
  async inputFor(
    { edition, digest, publication }: EditionContext,
    locale: string,
    articleIds: readonly string[],
  ): Promise<EditionInput> {
    return {
      template: digest.template,
      locale,
      publication: publicationView(publication),
      title: digest.name,
      subject: edition.subject ?? digest.subject,
      // The time it was started, so that a second run after midnight does not put two dates into one edition.
      date: edition.startedAt ?? edition.sendAt ?? this.clock.now(),
      articles: await this.articles.details(publication, articleIds),
    };
  }

  /**
   * Decides once which articles the edition has: the variant of the publication's own locale keeps the decision for
   * later runs and other processes. Only what may no longer be sent is taken out again.
   */
  private async decideArticles(edition: EditionRow, locale: string): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      const locked = await this.editions.lockById(tx, edition.id);
      if (locked?.status !== 'preparing') {
        const state = locked?.status ?? edition.status;
        throw wrongState(`The edition is ${state}, so it is not to be prepared.`, state);
      }
      const sendable = await this.editions.publicArticleIdsOf(tx, edition.id, this.asOf(locked.startedAt));
      const decided = await this.contents.latestVariant(tx, edition.id);
      const articleIds = decided ? decided.articleIds.filter((id) => sendable.includes(id)) : sendable;
      if (articleIds.length === 0) {
        throw new DomainError(
          'invalid_input',
          'No article is left that may be sent: all are retracted or embargoed.',
        );
      }
      await this.contents.ensureVariant(tx, edition.id, locale, articleIds);
      return articleIds;
    });
  }

  /** Now, but not before the edition was started: the machine that did so may have a clock that is ahead of ours. */
  private asOf(startedAt: Date | null): Date {
    const now = this.clock.now();
    return startedAt && startedAt > now ? startedAt : now;
  }

  private async ensureContent(
    context: EditionContext,
    locale: string,
    articleIds: string[],
  ): Promise<CompiledEdition> {
    const { id } = context.edition;
    const stored = await this.contents.find(this.database.db, id, locale);
    if (stored && covers(stored, articleIds)) return stored;
    const compiled = await this.compiler.compile(await this.inputFor(context, locale, articleIds));
    await this.contents.store(this.database.db, id, locale, compiled, this.clock.now());
    return compiled;
  }

  private async storeWarnings(editionId: string, found: readonly string[]): Promise<string[]> {
    const warnings = [...new Set(found)];
    await this.editions.update(this.database.db, editionId, { warnings });
    return warnings;
  }
}

function covers(compiled: CompiledEdition, articleIds: readonly string[]): boolean {
  const held = new Set(compiled.fragments.map((fragment) => fragment.articleId));
  return articleIds.every((id) => held.has(id));
}
