import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { prepared, preparedTransaction } from '#database/prepared.js';
import { Clock } from '#kernel/clock.js';
import { validate } from '#kernel/input/validate.js';
import { DomainError } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { ArticleRepository, type ArticleRow } from '../articles/article.repository.js';
import { articleInput, articlePatch } from '../articles/article.schemas.js';
import { ArticleService } from '../articles/article.service.js';
import { isDeath, isLimit } from '../reading/content-reader.js';
import { FeedContent } from '../reading/content-sandboxes.js';
import type { TopicRef } from '../articles/topic-lookup.js';
import { topicsOfCategories } from './category-topics.js';
import { isOnlyBroken, type StoryTexts } from './entries/broken-text.js';
import { articleOfEntry, isHistory } from './entries/entry-article.js';
import type { FeedEntry } from '../formats/feed-document.js';
import type { IdentifiedEntry } from '../reading/entry-identity.js';
import { memoryOf, refusalOf, refusedIn, type Refusal } from './entries/entry-memory.js';
import type { EntryStory } from '../reading/entry-story.js';
import { FeedRepository, type FeedEntryRow, type FeedRow, type NewFeedEntry } from './feed.repository.js';

/** What became of an entry. `noted`: it changed after readers or operators had done something with the article. */
export type Intake = 'added' | 'updated' | 'noted' | 'history' | 'unchanged' | 'unusable';

/** What became of an entry, or why it was not taken. */
export interface Taken {
  became: Intake | Refusal;
  /** It was read, as far as that went; false: what is known of it is enough. */
  isTried: boolean;
}

/** Makes articles of entries: one transaction each, so that there is all of an entry or nothing. */
@Injectable()
export class EntryIntake {
  constructor(
    private readonly database: Database,
    private readonly feeds: FeedRepository,
    private readonly articles: ArticleRepository,
    private readonly stories: ArticleService,
    private readonly content: FeedContent,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes an entry, unless it is known as it is. What can not be used is remembered, and not tried again before it changes; what a
   * limit ended is tried a few times.
   * @param known the row of that entry, if it was seen before
   * @throws what the database throws; an entry that can not be used is answered, not thrown
   */
  async take(
    feed: FeedRow,
    found: IdentifiedEntry,
    known: FeedEntryRow | undefined,
    topics: readonly TopicRef[],
  ): Promise<Taken> {
    const memory = memoryOf(known?.contentHash ?? '');
    if (memory.taken === found.contentHash) return { became: 'unchanged', isTried: false };
    const refusal = refusalOf(memory, found.contentHash);
    if (refusal) return { became: refusal, isTried: false };
    const became = await this.tried(() =>
      preparedTransaction(this.database, (tx) =>
        known && memory.taken !== null
          ? this.change(tx, feed, found, known, topics)
          : this.add(tx, feed, found, known, topics),
      ),
    );
    if (became === 'unusable' || became === 'limited' || became === 'broken') {
      const contentHash = refusedIn(known?.contentHash, found.contentHash, became);
      await this.save(this.database.db, feed, { ...found, contentHash }, known);
    }
    return { became, isTried: true };
  }

  private async tried<T>(run: () => Promise<T>): Promise<T | 'unusable' | 'limited'> {
    try {
      return await run();
    } catch (error) {
      if (isLimit(error) || isDeath(error)) return 'limited';
      if (error instanceof DomainError && error.code === 'invalid_input') return 'unusable';
      throw error;
    }
  }

  /** Writes the row of an entry. @param known the one that there is, of an entry that could not be used before */
  private async save(
    db: Executor,
    feed: FeedRow,
    { entry: _, ...keys }: IdentifiedEntry,
    known: FeedEntryRow | undefined,
    made: Pick<NewFeedEntry, 'articleId' | 'appliedAt'> = {},
  ): Promise<void> {
    if (known) return this.feeds.updateEntry(db, known.id, { contentHash: keys.contentHash, ...made });
    const row = { ...keys, id: newId(), feedId: feed.id, firstSeenAt: this.clock.now() };
    return this.feeds.insertEntry(db, { ...row, ...made });
  }

  private async add(
    tx: Executor,
    feed: FeedRow,
    found: IdentifiedEntry,
    known: FeedEntryRow | undefined,
    topics: readonly TopicRef[],
  ): Promise<Intake> {
    const { entry } = found;
    const now = this.clock.now();
    if (isHistory(entry, feed.createdAt)) {
      await this.save(tx, feed, found, known);
      return 'history';
    }
    const story = await this.storyOf(found);
    if (!story) return 'unusable';
    const input = articleOfEntry(entry, story, this.topicsOf(feed, found, topics), now);
    const taken = entry.url ? await this.articles.findIdByUrl(tx, feed.publicationId, entry.url) : undefined;
    if (taken) {
      // Another feed, or an operator, had the story first; this one only adds its topics.
      const other = await this.articles.lockById(tx, feed.publicationId, taken);
      if (other?.feedId && !(await this.isUsed(tx, other)))
        await this.articles.addTopics(tx, taken, input.topics ?? []);
      await this.save(tx, feed, found, known, { articleId: taken });
      return 'unchanged';
    }
    const made = await this.stories.createIn(tx, feed.publicationId, validate(articleInput, input), {
      feedId: feed.id,
      content: this.content,
    });
    await this.save(tx, feed, found, known, { articleId: made.id, appliedAt: made.updatedAt });
    return 'added';
  }

  private async change(
    tx: Executor,
    feed: FeedRow,
    found: IdentifiedEntry,
    known: FeedEntryRow,
    topics: readonly TopicRef[],
  ): Promise<Intake | 'broken'> {
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
    const story = await this.storyOf(found);
    if (!isEdited && story && isOnlyBroken(textsOf(article), story)) return 'broken';
    const isUsed = await this.isUsed(tx, article);
    if (isUsed && !isEdited && story && isSame(article, story, entry)) {
      await this.feeds.updateEntry(tx, known.id, { contentHash });
      return 'unchanged';
    }
    if (isEdited || isUsed) {
      // updatedAt stays: it says when the article itself was changed.
      await this.articles.update(tx, article.id, { sourceChangedAt: now });
      await this.feeds.updateEntry(tx, known.id, { contentHash });
      return 'noted';
    }
    if (!story) return 'unusable';
    const input = articleOfEntry(entry, story, this.topicsOf(feed, found, topics), now);
    const holder = entry.url ? await this.articles.findIdByUrl(tx, feed.publicationId, entry.url) : undefined;
    const url = holder === undefined || holder === article.id ? (entry.url ?? article.url) : article.url;
    // The date stays as it was first given: a story that is corrected is not a new one.
    const { publishedAt: _, ...changes } = input;
    const patch = validate(articlePatch, { ...changes, url });
    const updatedAt = await this.stories.patchIn(tx, article, patch, this.content);
    await this.feeds.updateEntry(tx, known.id, { contentHash, appliedAt: updatedAt });
    return 'updated';
  }

  private storyOf({ entry, contentHash }: IdentifiedEntry): Promise<EntryStory | null> {
    return prepared(['entry', contentHash], () => this.content.entry(entry));
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

const textsOf = ({ title, source, author }: ArticleRow): StoryTexts => ({ title, body: source, author });

/** Whether the article shows this already: some systems change what is not shown. A name or a picture where there was none changes no story. */
function isSame(article: ArticleRow, story: EntryStory, { imageUrl }: FeedEntry): boolean {
  const { title, body, format, author, summary } = story;
  return (
    article.title === title &&
    article.source === body &&
    article.format === format &&
    (article.author === null || article.author === author) &&
    (article.imageUrl === null || article.imageUrl === imageUrl) &&
    (summary === null || article.summary === summary)
  );
}
