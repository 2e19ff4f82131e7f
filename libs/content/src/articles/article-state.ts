/** Where an article stands, as operators see it. */
export const ARTICLE_STATES = ['draft', 'scheduled', 'embargoed', 'published', 'retracted'] as const;
export type ArticleState = (typeof ARTICLE_STATES)[number];

/** What the state follows from. */
export interface Standing {
  draft: boolean;
  publishedAt: Date;
  embargoUntil: Date | null;
  retractedAt: Date | null;
}

/** The state at an instant. Of several reasons why it is not shown, the first in this order is named. */
export function articleState(article: Standing, at: Date): ArticleState {
  if (article.retractedAt) return 'retracted';
  if (article.draft) return 'draft';
  if (article.embargoUntil && article.embargoUntil > at) return 'embargoed';
  return article.publishedAt > at ? 'scheduled' : 'published';
}

/**
 * When an article was put out, after a change. It is news from then on, unless its times say later.
 *
 * A draft that is released, and a story whose embargo or date is taken back, are put out now. Of a public one that
 * instant only ever moves on: else a date that is mended would make old what some readers were yet to get.
 */
export function releasedAtOf(
  before: Standing & { releasedAt: Date; newsAt: Date | null },
  after: Standing,
  now: Date,
): Date {
  const isReleased = before.draft && !after.draft;
  const isPublic = (article: Standing) => articleState(article, now) === 'published';
  if (isReleased || (!isPublic(before) && isPublic(after))) return now;
  const { releasedAt, newsAt } = before;
  return isPublic(before) && newsAt && newsAt > releasedAt ? newsAt : releasedAt;
}
