import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { ArticleRepository, type ArticleRow } from '../article.repository.js';
import { ArticleService } from '../article.service.js';
import type { TopicRef } from '../topic-lookup.js';
import { topicsOfCategories } from './category-topics.js';
import { articleOfEntry, isHistory } from './entry-article.js';
import type { IdentifiedEntry } from './entry-identity.js';
import { FeedRepository, type FeedEntryRow, type FeedRow } from './feed.repository.js';

/** What became of an entry. `noted`: it changed after readers or operators had done something with the article. */
export type Intake = 'added' | 'updated' | 'noted' | 'history' | 'unchanged' | 'unusable';

/** Makes articles of entries: one transaction each, so that there is all of an entry or nothing. */
@Injectable()
export class EntryIntake {
  constructor(
    private readonly database: Database,
    private readonly feeds: FeedRepository,
    private readonly articles: ArticleRepository,
    private readonly stories: ArticleService,
    private readonly clock: Clock,
  ) {}

  /**
   * @param known the row of that entry, if it was seen before
   * @throws what the database throws; an entry that can not be used is answered, not thrown
   */
  async take(
    feed: FeedRow,
    found: IdentifiedEntry,
    known: FeedEntryRow | undefined,
    topics: readonly TopicRef[],
  ): Promise<Intake> {
    if (known?.contentHash === found.contentHash) return 'unchanged';
    try {
      return await this.database.transaction((tx) =>
        known ? this.change(tx, feed, found, known, topics) : this.add(tx, feed, found, topics),
      );
    } catch (error) {
      if (error instanceof DomainError && error.code === 'invalid_input') return 'unusable';
      throw error;
    }
  }

  private async add(
    tx: Executor,
    feed: FeedRow,
    found: IdentifiedEntry,
    topics: readonly TopicRef[],
  ): Promise<Intake> {
    const { entry, ...keys } = found;
    const now = this.clock.now();
    const row = { ...keys, id: newId(), feedId: feed.id, firstSeenAt: now };
    if (isHistory(entry, feed.createdAt)) {
      await this.feeds.insertEntry(tx, row);
      return 'history';
    }
    const input = articleOfEntry(entry, this.topicsOf(feed, found, topics), now);
    if (!input) return 'unusable';
    const taken = entry.url ? await this.articles.findIdByUrl(tx, feed.publicationId, entry.url) : undefined;
    if (taken) {
      // Another feed, or an operator, had the story first; this one only adds its topics.
      const other = await this.articles.lockById(tx, feed.publicationId, taken);
      if (other?.feedId && !(await this.isUsed(tx, other)))
        await this.articles.addTopics(tx, taken, input.topics ?? []);
      await this.feeds.insertEntry(tx, { ...row, articleId: taken });
      return 'unchanged';
    }
    const made = await this.stories.createIn(tx, feed.publicationId, input, { feedId: feed.id });
    await this.feeds.insertEntry(tx, { ...row, articleId: made.id, appliedAt: made.updatedAt });
    return 'added';
  }

  private async change(
    tx: Executor,
    feed: FeedRow,
    found: IdentifiedEntry,
    known: FeedEntryRow,
    topics: readonly TopicRef[],
  ): Promise<Intake> {
    const { entry, contentHash } = found;
    const article = known.articleId
      ? await this.articles.lockById(tx, feed.publicationId, known.articleId)
      : undefined;
    const isOurs = article?.feedId === feed.id && known.appliedAt !== null;
    if (!article || !isOurs) {
      await this.feeds.updateEntry(tx, known.id, { contentHash });
      return 'unchanged';
    }
    const now = this.clock.now();
    const isEdited = article.updatedAt.getTime() !== known.appliedAt?.getTime();
    if (isEdited || (await this.isUsed(tx, article))) {
      // updatedAt stays: it says when the article itself was changed.
      await this.articles.update(tx, article.id, { sourceChangedAt: now });
      await this.feeds.updateEntry(tx, known.id, { contentHash });
      return 'noted';
    }
    const input = articleOfEntry(entry, this.topicsOf(feed, found, topics), now);
    if (!input) return 'unusable';
    const holder = entry.url ? await this.articles.findIdByUrl(tx, feed.publicationId, entry.url) : undefined;
    const url = holder === undefined || holder === article.id ? (entry.url ?? article.url) : article.url;
    // The date stays as it was first given: a story that is corrected is not a new one.
    const { publishedAt: _, ...changes } = input;
    const updatedAt = await this.stories.patchIn(tx, article, { ...changes, url });
    await this.feeds.updateEntry(tx, known.id, { contentHash, appliedAt: updatedAt });
    return 'updated';
  }

  private async isUsed(tx: Executor, article: ArticleRow): Promise<boolean> {
    return article.retractedAt !== null || (await this.articles.editionUsing(tx, article.id)) !== undefined;
  }

  private topicsOf(feed: FeedRow, { entry }: IdentifiedEntry, topics: readonly TopicRef[]): string[] {
    const known = new Set(topics.map(({ id }) => id));
    const always = feed.topics.filter((id) => known.has(id));
    return [
      ...new Set([...always, ...topicsOfCategories(entry.categories, feed.categoryTopics, topics)]),
    ].slice(0, 50);
  }
}
