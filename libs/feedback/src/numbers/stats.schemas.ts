import { z } from 'zod';
import { instant } from '#kernel/input/instant.js';

/** What rows an answer has: `day` is the publication's. */
const by = <const K extends [string, ...string[]]>(...keys: K) => z.enum([...keys, 'hour', 'day']);

const answered = {
  format: z
    .enum(['json', 'csv'])
    .optional()
    .describe('Default: what `Accept` asks for, else `json`. `csv` has the rows and no total.'),
};

const range = {
  ...answered,
  from: instant
    .optional()
    .describe('RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`.'),
  to: instant.optional().describe('RFC 3339, exclusive; at most 731 days later. Default: now.'),
};

/** `GET /stats/editions/:id`: of its whole time. */
export const editionStatsQuery = z.strictObject({
  ...answered,
  by: by('provider').default('provider'),
});
export type EditionStatsQuery = z.output<typeof editionStatsQuery>;

/** `GET /stats/digests/:id`. */
export const digestStatsQuery = z.strictObject({
  ...range,
  by: by('edition', 'provider').default('edition'),
});
export type DigestStatsQuery = z.output<typeof digestStatsQuery>;

/** `GET /stats/providers`. */
export const providerStatsQuery = z.strictObject({ ...range, by: by('provider').default('provider') });
export type ProviderStatsQuery = z.output<typeof providerStatsQuery>;

/** `GET /stats/audience`. */
export const audienceStatsQuery = z.strictObject({ ...range, by: by('source').default('source') });
export type AudienceStatsQuery = z.output<typeof audienceStatsQuery>;

/** `GET /stats/articles/:id`. */
export const articleStatsQuery = z.strictObject({ ...range, by: by('edition').default('edition') });
export type ArticleStatsQuery = z.output<typeof articleStatsQuery>;

/** `GET /stats/topics/:id`. */
export const topicStatsQuery = z.strictObject({ ...range, by: by('article', 'edition').default('article') });
export type TopicStatsQuery = z.output<typeof topicStatsQuery>;

/** `GET /stats/articles`, `/stats/topics`, `/stats/editions`. */
export const comparisonQuery = z.strictObject({
  ...range,
  order: z
    .enum(['newest', 'clicks'])
    .default('newest')
    .describe('`clicks`: those first that most people clicked on.'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type ComparisonQuery = z.output<typeof comparisonQuery>;
