import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import type { EditionInput } from '#rendering/edition/edition-scope.js';
import { joinVariant } from '#rendering/edition/join-variant.js';
import type { VariantLines } from '#rendering/edition/lines.js';
import { MailRenderer } from '#rendering/rendering.module.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { EditionContentRepository } from './edition-content.repository.js';
import { EditionRepository, type EditionRow } from '../model/edition.repository.js';
import { publicationView } from '../model/publication-view.js';
import { prepared } from '#database/prepared.js';
import { asSent } from '#rendering/links/edition-links.js';
import { EditionLinks } from './edition-links.js';
import { fingerprintOf } from './fingerprint.js';
import { linkRulesOf } from './link-rules.js';
import { preparedLines } from './prepared-lines.js';
import { toInstant } from '../schedule/zone-time.js';
import { WaveRepository, type SlotRow } from '../model/wave.repository.js';

/** An edition with all that it is compiled from. */
export interface EditionContext {
  edition: EditionRow;
  digest: DigestRow;
  publication: Publication;
  /** That it was made for. */
  slot?: Pick<SlotRow, 'at' | 'local' | 'previousAt'> | undefined;
}

/** The compiled edition in one language, stored. */
export interface FrozenContent {
  id: string;
  compiled: CompiledEdition;
}

/** The content of editions: compiled once per locale, then frozen. */
@Injectable()
export class EditionContentService {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly contents: EditionContentRepository,
    private readonly waves: WaveRepository,
    private readonly links: EditionLinks,
    private readonly articles: ArticleService,
    private readonly publications: PublicationService,
    private readonly renderer: MailRenderer,
    private readonly clock: Clock,
  ) {}

  /**
   * The content of a wave in one language, compiled and stored; or the one of an earlier wave, or of the draft as it was last looked
   * at, that was made of the same facts.
   * @param articleIds what some reader of the wave gets, in the order of the mail
   * @throws DomainError `invalid_input` naming `template` or `subject` and the line
   */
  async freeze(
    tx: Executor,
    context: EditionContext,
    locale: string,
    articleIds: readonly string[],
  ): Promise<FrozenContent> {
    const input = await this.inputFor(context, locale, articleIds, tx);
    const rules = linkRulesOf(context);
    const fingerprint = fingerprintOf(input, rules);
    const editionId = context.edition.id;
    const known = await this.contents.same(tx, editionId, locale, fingerprint);
    if (known) return known;
    const asLookedAt = fingerprintOf(input);
    const draft = await this.contents.draft(tx, editionId, locale, asLookedAt);
    const made = draft ?? (await prepared(['edition', asLookedAt], () => this.renderer.compile(input)));
    const compiled = await this.links.freeze(tx, context, rules, made);
    const row = { editionId, locale, fingerprint, content: compiled, createdAt: this.clock.now() };
    return { id: await this.contents.insert(tx, row), compiled };
  }

  /** Keeps what a draft was compiled to, for {@link freeze}: it may be about to be sent. */
  async keepDraft(
    { edition }: EditionContext,
    locale: string,
    input: EditionInput,
    content: CompiledEdition,
  ): Promise<void> {
    const row = { editionId: edition.id, locale, fingerprint: fingerprintOf(input), content };
    await this.contents.keepDraft(this.database.db, { ...row, createdAt: this.clock.now() });
  }

  /** What an operator should know of the mail with these articles. */
  async warningsOf(compiled: CompiledEdition, articleIds: readonly string[]): Promise<string[]> {
    const [lines] = await this.linesOf(compiled, [articleIds]);
    return joinVariant(asSent(compiled), articleIds, lines as VariantLines).warnings;
  }

  /**
   * The lines of the mails with these sets of articles.
   * @throws DomainError `invalid_input` naming `subject` and the line
   */
  linesOf(compiled: CompiledEdition, sets: readonly (readonly string[])[]): Promise<VariantLines[]> {
    return preparedLines(this.renderer, compiled, sets);
  }

  /** A frozen content, with its links as they were written: see `asSent` and `asShown`. @throws DomainError `not_found` */
  async load(contentId: string): Promise<CompiledEdition> {
    const content = await this.contents.find(this.database.db, contentId);
    if (!content) throw notFound('content of the edition');
    return content;
  }

  /** The edition with its digest and publication. @throws DomainError `not_found` */
  async context(editionId: string): Promise<EditionContext> {
    const edition = isId(editionId) ? await this.editions.findById(this.database.db, editionId) : undefined;
    if (!edition) throw notFound('edition');
    const digest = await this.digests.findById(this.database.db, edition.publicationId, edition.digestId);
    if (!digest) throw notFound('digest');
    const slot = await this.waves.slotOf(this.database.db, edition);
    return { edition, digest, slot, publication: await this.publications.current() };
  }

  /**
   * What an edition of these articles is compiled from.
   * @param db the transaction to read in, if there is one
   */
  async inputFor(
    { edition, digest, publication, slot }: EditionContext,
    locale: string,
    articleIds: readonly string[],
    db: Executor = this.database.db,
  ): Promise<EditionInput> {
    const written = slot?.local ? toInstant(slot.at, publication.timeZone) : edition.startedAt;
    return {
      ...lookOf(edition, digest, locale),
      locale,
      title: digest.name,
      publication: publicationView(publication),
      // The time it was started, so that a second run after midnight does not put two dates into one edition.
      date: written ?? edition.sendAt ?? this.clock.now(),
      articles: await this.stories(edition, publication, articleIds, db),
    };
  }

  /** The articles, each in its section of the edition. */
  private async stories(
    { id }: EditionRow,
    publication: Publication,
    articleIds: readonly string[],
    db: Executor,
  ): Promise<EditionInput['articles']> {
    const articles = await this.articles.details(publication, articleIds, db);
    const sections = await this.editions.sectionsOf(db, id);
    return articles.map((article) => {
      const section = sections.get(article.id);
      return section ? { ...article, section } : article;
    });
  }
}

/** What an edition looks like, by its kind and language. */
function lookOf(
  { kind, subject, note, preheader, introHtml }: EditionRow,
  digest: DigestRow,
  locale: string,
): Pick<EditionInput, 'template' | 'subject' | 'preheader' | 'intro' | 'kind' | 'note' | 'emptyText'> {
  switch (kind) {
    case 'regular':
      return {
        kind,
        template: digest.templates[locale] ?? digest.template,
        subject: subject ?? digest.subject,
        emptyText: digest.emptyText,
        ...(preheader && { preheader }),
        ...(introHtml && { intro: introHtml }),
      };
    case 'alert':
      return { kind, template: digest.alertTemplate, subject };
    case 'correction':
      return { kind, template: 'correction', subject, note: note ?? '' };
  }
}
