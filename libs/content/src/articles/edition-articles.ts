import { eq, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { editionArticle, type Section } from '#database/schema/index.js';

/*
 * Which articles are in which edition. The rows are kept here, below digest: an article that is deleted leaves the drafts
 * it is in.
 */

/** An article in an edition. */
export interface StoryPlace {
  articleId: string;
  /** Null: the edition is not divided. */
  section: Section | null;
}

/** Puts these articles, in their order, in place of those that an edition has. Call it with the articles locked. */
export async function replaceStories(
  tx: Executor,
  editionId: string,
  stories: readonly StoryPlace[],
): Promise<void> {
  await tx.delete(editionArticle).where(eq(editionArticle.editionId, editionId));
  if (stories.length === 0) return;
  const rows = stories.map((story, position) => ({ editionId, ...story, position }));
  await tx.insert(editionArticle).values(rows);
}

/** As {@link replaceStories}, of an edition that is not divided. */
export function replaceArticles(
  tx: Executor,
  editionId: string,
  articleIds: readonly string[],
): Promise<void> {
  return replaceStories(tx, editionId, undivided(articleIds));
}

/** Articles of an edition that is not divided. */
export function undivided(articleIds: readonly string[]): StoryPlace[] {
  return articleIds.map((articleId) => ({ articleId, section: null }));
}

/** Adds articles to an edition that it does not have yet, after those it has. */
export async function addArticles(
  tx: Executor,
  editionId: string,
  articleIds: readonly string[],
): Promise<void> {
  if (articleIds.length === 0) return;
  await tx.execute(sql`
    INSERT INTO edition_article (edition_id, article_id, position)
    SELECT ${editionId}::uuid, a.id::uuid, a.at::int + (SELECT coalesce(max(position) + 1, 0) FROM edition_article WHERE edition_id = ${editionId}::uuid)
    FROM jsonb_array_elements_text(${JSON.stringify(articleIds)}::jsonb) WITH ORDINALITY AS a(id, at)
    ON CONFLICT DO NOTHING`);
}

/** Takes an article out of every edition it is in. */
export async function leaveEditions(tx: Executor, articleId: string): Promise<void> {
  await tx.delete(editionArticle).where(eq(editionArticle.articleId, articleId));
}
