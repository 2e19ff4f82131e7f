import type { ArticleInput } from '../../articles/article.schemas.js';
import type { EntryStory } from '../../reading/entry-story.js';
import type { FeedEntry } from '../../formats/feed-document.js';

const DAY_MS = 86_400_000;

/** So far back an entry may be dated and still be news: time zones are got wrong, and drafts keep their dates. */
const HISTORY_SLACK_MS = DAY_MS;

/** An entry that was written before the feed was added: history, even if it turns up later. */
export function isHistory(entry: FeedEntry, feedAddedAt: Date): boolean {
  return entry.publishedAt !== null && entry.publishedAt.getTime() < feedAddedAt.getTime() - HISTORY_SLACK_MS;
}

/**
 * What an entry is as an article.
 * @param story what it says
 * @param now for entries without a date, or with one to come
 */
export function articleOfEntry(
  entry: FeedEntry,
  story: EntryStory,
  topics: string[],
  now: Date,
): ArticleInput {
  return {
    ...story,
    url: entry.url,
    imageUrl: entry.imageUrl,
    topics,
    publishedAt: entry.publishedAt && entry.publishedAt < now ? entry.publishedAt : now,
  };
}
