import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import type { Executor } from '#database/database.js';
import { invalidField, invalidInput, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { isEnough } from '../model/edition-minimum.js';
import { EditionRepository, type EditionRow } from '../model/edition.repository.js';
import { renderSubject, sampleArticles } from '../content/subject.js';

/** What must be true of an edition before it is kept or sent. All in the caller's transaction. */
@Injectable()
export class EditionChecks {
  constructor(
    private readonly repository: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly stories: ArticleService,
    private readonly renderer: LookRenderer,
  ) {}

  /**
   * Every id is an article of the publication that is not retracted; drafts may stand in an edition until it is sent. They stay until
   * the transaction ends.
   * @param fieldOf where an id was given
   * @throws DomainError `invalid_input` naming the fields
   */
  async articles(
    tx: Executor,
    publicationId: string,
    ids: readonly string[],
    fieldOf: (id: string) => string,
  ): Promise<void> {
    const found = await this.repository.lockArticles(tx, publicationId, ids.filter(isId));
    const known = new Map(found.map((article) => [article.id, article]));
    const errors = ids.flatMap((id) => {
      const field = fieldOf(id);
      const article = known.get(id);
      if (!article) return [{ field, code: 'unknown', message: `There is no article "${id}".` }];
      return article.retractedAt
        ? [{ field, code: 'retracted', message: 'This article was retracted.' }]
        : [];
    });
    if (errors.length > 0) throw invalidInput(errors);
  }

  /**
   * What a digest pins or leaves out are articles of the publication, and what it pins was not retracted.
   * @throws DomainError `invalid_input` naming `pinned.N` or `excluded.N`
   */
  async choices(
    tx: Executor,
    publicationId: string,
    given: { pinned?: readonly string[] | undefined; excluded?: readonly string[] | undefined },
  ): Promise<void> {
    const ids = [...(given.pinned ?? []), ...(given.excluded ?? [])].filter(isId);
    const found = await this.repository.lockArticles(tx, publicationId, ids);
    const known = new Map(found.map((article) => [article.id, article]));
    const unknown = (field: string, id: string) =>
      known.has(id) ? [] : [{ field, code: 'unknown', message: `There is no article "${id}".` }];
    const errors = [
      ...(given.pinned ?? []).flatMap((id, index) => {
        const field = `pinned.${index}`;
        const message = 'This article was retracted; take it out.';
        return known.get(id)?.retractedAt ? [{ field, code: 'retracted', message }] : unknown(field, id);
      }),
      ...(given.excluded ?? []).flatMap((id, index) => unknown(`excluded.${index}`, id)),
    ];
    if (errors.length > 0) throw invalidInput(errors);
  }

  /**
   * The subject, or else the digest's, can be rendered of these articles; of samples when none are known yet.
   * @throws DomainError `invalid_input` naming `subject`, the line and the reason
   */
  async subject(
    tx: Executor,
    publication: Publication,
    digest: DigestRow,
    subject: string | null,
    articleIds: readonly string[],
    preheader: string | null = null,
  ): Promise<void> {
    const articles = await this.stories.details(publication, articleIds, tx);
    const shown = articles.length > 0 ? articles : sampleArticles(digest.maxArticles);
    await renderSubject(this.renderer, subject || digest.subject, digest.name, publication, shown, preheader);
  }

  /**
   * The subject and the preheader, or else the digest's and ours, can be rendered of these articles; of samples when none are known yet.
   * @throws DomainError `invalid_input` naming `subject` or `preheader`, the line and the reason
   */
  async lines(
    tx: Executor,
    publication: Publication,
    digest: DigestRow,
    lines: { subject: string | null; preheader: string | null },
    articleIds: readonly string[],
  ): Promise<void> {
    await this.subject(tx, publication, digest, lines.subject, articleIds, lines.preheader);
  }

  /**
   * None of its articles is a draft.
   * @throws DomainError `invalid_input` with an error for each, by its place and title
   */
  async noDrafts(tx: Executor, editionId: string): Promise<void> {
    const stories = (await this.repository.storiesOf(tx, [editionId])).get(editionId) ?? [];
    const errors = stories.flatMap(({ title, standing: { draft } }, index) => {
      const message = `“${title}” is a draft. Publish it, or take it out of the edition.`;
      return draft ? [{ field: `articleIds.${index}`, code: 'draft', message }] : [];
    });
    if (errors.length > 0) throw invalidInput(errors, 'Articles of the edition are drafts.');
  }

  /**
   * None of its articles is a draft, and enough of them may be sent at that time. One that chooses by itself finds out for each reader.
   * @throws DomainError `invalid_input` about `articleIds`; `wrong_state` when the digest is archived
   */
  async sendable(tx: Executor, row: EditionRow, at: Date): Promise<void> {
    const digest = await this.digests.findById(tx, row.publicationId, row.digestId);
    if (!digest) throw notFound('digest');
    if (digest.archivedAt) throw wrongState('The digest is archived.', 'archived');
    if (row.selection === 'auto') return;
    await this.noDrafts(tx, row.id);
    const ids = await this.repository.publicArticleIdsOf(tx, row.id, at);
    const listed = (await this.repository.articleIdsOf(tx, [row.id])).get(row.id)?.length ?? 0;
    if (isEnough(digest, row, listed, ids.length)) return;
    const message =
      ids.length === 0
        ? 'The edition has no article that may be sent then.'
        : `The edition has ${ids.length} articles that may be sent then; the digest asks for ${digest.minArticles}.`;
    throw invalidField('articleIds', 'too_small', message);
  }
}
