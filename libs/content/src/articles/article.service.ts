import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { prepared, preparedTransaction } from '#database/prepared.js';
import { sqlState, UNIQUE_VIOLATION } from '#database/errors.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import {
  inState,
  inTitle,
  ArticleRepository,
  type ArticleListRow,
  type ArticleRow,
  type NewArticle,
} from './article.repository.js';
import { type ArticleInput, type ArticlePatch, type ArticleQuery } from './article.schemas.js';
import { articleState, releasedAtOf } from './article-state.js';
import type { ContentReader } from '../reading/content-reader.js';
import { GivenContent } from '../reading/content-sandboxes.js';
import { toPage, type Page } from '#kernel/input/page.js';
import { freeSlug, slugify, slugStem } from '#kernel/input/slug.js';
import type { Story, StorySource } from '../story/story.js';
import { TopicLookup, type TopicRef } from './topic-lookup.js';

/** An article with its topics. */
export type Article = ArticleRow & { topics: TopicRef[] };
/** The same without its bodies, as lists have it. */
export type ArticleListItem = ArticleListRow & { topics: TopicRef[] };

/** What a story needs of its publication: where it lives. */
export interface PublicationPlace {
  id: string;
  /** Without a trailing slash. */
  baseUrl: string;
}

/** An article as mails show it. The same shape as rendering's ArticleView, which this library may not import. */
export interface ArticleDetail {
  id: string;
  title: string;
  /** Absolute. */
  url: string;
  summary: string;
  html: string;
  text: string;
  author: string | null;
  imageUrl: string | null;
  publishedAt: Date | null;
  /** Names. */
  topics: string[];
}

/** How often a slug is tried again when others take it at the same moment. */
const SLUG_TRIES = 20;

/** @returns where the story lives: its own URL, or its page here */
export function articleUrl(article: { url: string | null; slug: string }, baseUrl: string): string {
  return article.url ?? `${baseUrl.replace(/\/+$/, '')}/a/${article.slug}`;
}

/** Articles: made, shown, changed, retracted. Every article belongs to a publication. */
@Injectable()
export class ArticleService {
  constructor(
    private readonly database: Database,
    private readonly repository: ArticleRepository,
    private readonly topics: TopicLookup,
    private readonly content: GivenContent,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes an article: sanitised, with a summary and a slug of its own.
   * @throws DomainError `invalid_input` for an empty story or an unknown topic; `conflict` with the `id` of the
   *   article that has the same URL
   */
  async create(publicationId: string, input: ArticleInput): Promise<Article> {
    const { id } = await preparedTransaction(this.database, (tx) => this.createIn(tx, publicationId, input));
    return this.get(publicationId, id);
  }

  /**
   * The same in the caller's transaction, for articles that come with something else.
   * @param origin the feed it came with, and who reads what came so
   * @throws DomainError as {@link create}
   */
  async createIn(
    tx: Executor,
    publicationId: string,
    input: ArticleInput,
    origin: { feedId?: string; content?: ContentReader } = {},
  ): Promise<{ id: string; updatedAt: Date }> {
    const now = this.clock.now();
    const { summary, ...body } = await this.bodyOf(
      { source: input.body, format: input.format, baseUrl: input.url ?? undefined },
      origin.content,
    );
    const id = newId();
    const topics = await this.topics.resolve(tx, publicationId, input.topics ?? []);
    await this.insertWithFreeSlug(tx, {
      id,
      publicationId,
      slug: slugify(input.title, `article-${id.slice(-8)}`),
      url: input.url ?? null,
      title: input.title,
      source: input.body,
      format: input.format,
      ...body,
      summary: input.summary || summary,
      author: input.author || null,
      imageUrl: input.imageUrl ?? null,
      publishedAt: input.publishedAt ?? now,
      embargoUntil: input.embargoUntil ?? null,
      draft: input.draft ?? false,
      priority: input.priority ?? 0,
      breaking: input.breaking ?? false,
      releasedAt: now,
      feedId: origin.feedId ?? null,
      createdAt: now,
      updatedAt: now,
    });
    await this.repository.replaceTopics(tx, id, topics);
    return { id, updatedAt: now };
  }

  /** @throws DomainError `not_found` */
  async get(publicationId: string, id: string): Promise<Article> {
    const row = isId(id) ? await this.repository.findById(this.database.db, publicationId, id) : undefined;
    if (!row) throw notFound('article');
    return this.withTopics(row);
  }

  /**
   * An article for its page.
   * @throws DomainError `not_found` before it is published; `gone` once retracted
   */
  async getBySlug(publicationId: string, slug: string): Promise<Article> {
    const row = await this.repository.findBySlug(this.database.db, publicationId, slug);
    const now = this.clock.now();
    const isRetracted = row?.retractedAt != null;
    if (!row || articleState({ ...row, retractedAt: null }, now) !== 'published') throw notFound('article');
    if (isRetracted) throw new DomainError('gone', 'This article was retracted.');
    return this.withTopics(row);
  }

  /** Articles, newest first, without their bodies. */
  async list(publicationId: string, query: ArticleQuery): Promise<Page<ArticleListItem>> {
    const { limit, cursor, state, q } = query;
    const standing = state && inState(state, this.clock.now());
    const rows = await this.repository.page(
      this.database.db,
      publicationId,
      limit + 1,
      cursor,
      standing,
      q ? inTitle(q) : undefined,
    );
    const page = toPage(rows, limit);
    return { ...page, data: await this.eachWithTopics(page.data) };
  }

  /** What a reader may see, latest first, without bodies. */
  async latest(publicationId: string, count: number): Promise<ArticleListItem[]> {
    const rows = await this.repository.latestPublic(this.database.db, publicationId, this.clock.now(), count);
    return this.eachWithTopics(rows);
  }

  /**
   * Articles as mails show them, in the order of the ids and in any state. Ids that name none are left out.
   * @param db the transaction to read in, if there is one
   */
  async details(
    publication: PublicationPlace,
    ids: readonly string[],
    db: Executor = this.database.db,
  ): Promise<ArticleDetail[]> {
    const rows = await this.repository.findMany(db, publication.id, ids.filter(isId));
    const articles = new Map((await this.eachWithTopics(rows, db)).map((article) => [article.id, article]));
    return ids.flatMap((id) => articles.get(id) ?? []).map((article) => this.view(article, publication));
  }

  /** One article as mails show it. */
  view(article: Article, publication: PublicationPlace): ArticleDetail {
    const { id, title, summary, html, text, author, imageUrl, publishedAt } = article;
    return {
      id,
      title,
      summary,
      html,
      text,
      author,
      imageUrl,
      publishedAt,
      url: articleUrl(article, publication.baseUrl),
      topics: article.topics.map((topic) => topic.name),
    };
  }

  /**
   * Changes an article. Its slug stays, so that links to it do. A summary that was made from the body follows it.
   * @param check of the article as it is, under its lock: throws when the caller may not change it
   * @throws DomainError as {@link create} and {@link get}
   */
  async patch(
    publicationId: string,
    id: string,
    patch: ArticlePatch,
    check?: (before: ArticleRow) => void,
  ): Promise<Article> {
    if (!isId(id)) throw notFound('article');
    const change = preparedTransaction(this.database, async (tx) => {
      const before = await this.repository.lockById(tx, publicationId, id);
      if (!before) throw notFound('article');
      check?.(before);
      await this.patchIn(tx, before, patch);
    });
    // Another article may have taken the URL after the look and before the update.
    await change.catch((error: unknown) => {
      throw sqlState(error) === UNIQUE_VIOLATION ? takenUrl() : error;
    });
    return this.get(publicationId, id);
  }

  /**
   * The same in the caller's transaction.
   * @param before the article, locked
   * @param content who reads it: by default what reads what operators give
   * @returns its `updatedAt`
   */
  async patchIn(
    tx: Executor,
    before: ArticleRow,
    patch: ArticlePatch,
    content: ContentReader = this.content,
  ): Promise<Date> {
    const { id, publicationId } = before;
    if (patch.url) await this.refuseTakenUrl(tx, publicationId, patch.url, id);
    if (patch.topics) {
      const topics = await this.topics.resolve(tx, publicationId, patch.topics);
      await this.repository.replaceTopics(tx, id, topics);
    }
    const updatedAt = this.clock.now();
    const changes = await this.changesOf(before, patch, content);
    const releasedAt = releasedAtOf(before, { ...before, ...changes }, updatedAt);
    await this.repository.update(tx, id, { ...changes, releasedAt, updatedAt });
    return updatedAt;
  }

  /**
   * Notes what was wrong in an article, in the transaction in which it is mailed to those who had it.
   * @returns whether there is such an article
   */
  async correctIn(tx: Executor, publicationId: string, id: string, note: string, at: Date): Promise<boolean> {
    if (!isId(id) || !(await this.repository.lockById(tx, publicationId, id))) return false;
    await this.repository.update(tx, id, { correction: note, correctedAt: at, updatedAt: at });
    return true;
  }

  /** @returns the id of the article with this canonical URL */
  async findIdByUrl(publicationId: string, url: string): Promise<string | undefined> {
    return this.repository.findIdByUrl(this.database.db, publicationId, url);
  }

  /**
   * Deletes an article that no reader has had. It leaves the drafts it is in.
   * @param check as at {@link patch}
   * @throws DomainError `wrong_state` with the edition's state when it was or is being sent: retract it instead
   */
  async remove(publicationId: string, id: string, check?: (before: ArticleRow) => void): Promise<void> {
    if (!isId(id)) throw notFound('article');
    await this.database.transaction(async (tx) => {
      const before = await this.repository.lockById(tx, publicationId, id);
      if (!before) throw notFound('article');
      check?.(before);
      const used = await this.repository.editionUsing(tx, id);
      if (used) {
        throw new DomainError(
          'wrong_state',
          `The article is in an edition that is ${used.status}, so it can not be deleted; retract it instead.`,
          { extra: { state: used.status, editionId: used.id } },
        );
      }
      await this.repository.delete(tx, id);
    });
  }

  /** Takes an article back: it is no longer shown or sent. Retracting twice changes nothing. */
  async retract(publicationId: string, id: string): Promise<Article> {
    const article = await this.get(publicationId, id);
    if (article.retractedAt) return article;
    const now = this.clock.now();
    await this.repository.update(this.database.db, id, { retractedAt: now, updatedAt: now });
    return { ...article, retractedAt: now, updatedAt: now };
  }

  private async insertWithFreeSlug(tx: Executor, row: NewArticle): Promise<void> {
    const { publicationId } = row;
    for (let tries = 0; tries < SLUG_TRIES; tries++) {
      if (row.url) await this.refuseTakenUrl(tx, publicationId, row.url);
      const taken = await this.repository.slugsBeginningWith(tx, publicationId, slugStem(row.slug));
      const slug = freeSlug(row.slug, taken);
      // Another transaction may take it between the look and the insert; the insert then waits for it and returns false.
      if (await this.repository.insertUnlessTaken(tx, { ...row, slug })) return;
    }
    throw new DomainError(
      'unavailable',
      'Too many articles of this title are being made at once; try again.',
    );
  }

  private async refuseTakenUrl(
    tx: Executor,
    publicationId: string,
    url: string,
    except?: string,
  ): Promise<void> {
    const existing = await this.repository.findIdByUrl(tx, publicationId, url);
    if (!existing || existing === except) return;
    throw takenUrl(existing);
  }

  private async withTopics(row: ArticleRow): Promise<Article> {
    const topics = await this.topics.ofArticles(this.database.db, [row.id]);
    return { ...row, topics: topics.get(row.id) ?? [] };
  }

  private async bodyOf(given: StorySource, content: ContentReader = this.content): Promise<Story> {
    const story = await prepared(['story', given], () => content.body(given));
    if (story.html !== '') return story;
    throw invalidField(
      'body',
      'empty',
      'Nothing is left of the body once what a mail can not show is taken out.',
    );
  }

  /** The columns a patch changes. */
  private async changesOf(before: ArticleRow, patch: ArticlePatch, content: ContentReader) {
    const source = patch.body ?? before.source;
    const format = patch.format ?? before.format;
    const url = patch.url === undefined ? before.url : patch.url;
    const isNewBody = source !== before.source || format !== before.format || url !== before.url;
    const { summary: made, ...body } = isNewBody
      ? await this.bodyOf({ source, format, baseUrl: url ?? undefined }, content)
      : { html: before.html, text: before.text, summary: undefined };
    return {
      source,
      format,
      url,
      ...body,
      title: patch.title ?? before.title,
      summary: await this.summaryOf(before, patch.summary, made, content),
      author: patch.author === undefined ? before.author : patch.author || null,
      imageUrl: patch.imageUrl === undefined ? before.imageUrl : patch.imageUrl,
      publishedAt: patch.publishedAt ?? before.publishedAt,
      embargoUntil: patch.embargoUntil === undefined ? before.embargoUntil : patch.embargoUntil,
      draft: patch.draft ?? before.draft,
      priority: patch.priority ?? before.priority,
      breaking: patch.breaking ?? before.breaking,
    } satisfies Partial<NewArticle>;
  }

  /**
   * A summary that was made from the body follows it; one that was given stays. What made it is asked only where that matters: it
   * may be busy.
   * @param made of the new body; undefined: it stays
   */
  private async summaryOf(
    before: ArticleRow,
    given: string | null | undefined,
    made: string | undefined,
    content: ContentReader,
  ): Promise<string> {
    if (given) return given;
    const derived = () => prepared(['summary', before.html], () => content.summary(before.html));
    if (given !== undefined) return made ?? derived();
    if (made === undefined) return before.summary;
    return before.summary === (await derived()) ? made : before.summary || made;
  }

  private async eachWithTopics<T extends { id: string }>(
    rows: T[],
    db: Executor = this.database.db,
  ): Promise<(T & { topics: TopicRef[] })[]> {
    const topics = await this.topics.ofArticles(
      db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => ({ ...row, topics: topics.get(row.id) ?? [] }));
  }
}

function takenUrl(id?: string): DomainError {
  const message = 'There is an article with this URL already.';
  const errors = [{ field: 'url', code: 'taken', message }];
  return new DomainError('conflict', message, { errors, extra: id ? { id } : {} });
}
