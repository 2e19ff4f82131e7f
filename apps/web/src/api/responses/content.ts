import { z } from 'zod';
import { ARTICLE_STATES } from '#content/articles/article-state.js';
import { count, id, instant, orNull } from './common.js';

export const articleListItem = z
  .object({
    id,
    slug: z.string(),
    url: orNull(z.string()),
    pageUrl: z.string().describe('Its page on this site.'),
    title: z.string(),
    summary: z.string(),
    author: orNull(z.string()),
    imageUrl: orNull(z.string()),
    topics: z.array(z.object({ id, slug: z.string(), name: z.string() })),
    publishedAt: instant,
    embargoUntil: orNull(instant),
    retractedAt: orNull(instant),
    draft: z.boolean().describe('Neither shown nor sent until it is set to false.'),
    state: z.enum(ARTICLE_STATES).describe('Only a published one is shown and sent.'),
    priority: z.int().describe('The higher comes first where the digest is ordered by priority.'),
    breaking: z.boolean().describe('Goes at once to those who asked for alerts.'),
    releasedAt: instant.describe('When it was put out: made, released from being a draft, or let go early.'),
    newsAt: instant.describe(
      'Since when it is news: the latest of `releasedAt`, `publishedAt` and `embargoUntil`.',
    ),
    correction: orNull(z.string()).describe('The words of the last correction.'),
    correctedAt: orNull(instant),
    feedId: orNull(id).describe('The feed it came with.'),
    sourceChangedAt: orNull(instant).describe(
      'Its feed changed the story after readers had it, or after an operator did; the change was not taken over.',
    ),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'ArticleItem' });

export const articleView = articleListItem
  .extend({
    format: z.enum(['markdown', 'html', 'text']),
    body: z.string().describe('As it was given.'),
    html: z.string().describe('Sanitised.'),
    text: z.string(),
  })
  .meta({ id: 'Article' });

export const correctionView = z
  .object({
    id,
    correction: z.string(),
    correctedAt: instant,
    editions: z
      .array(z.object({ id, digestId: id }))
      .describe(
        'Those that mail it: one for each digest that the article was sent with. None: no reader has it.',
      ),
    recipients: z.int().min(0).describe('How many readers have the article, or are getting it; an estimate.'),
  })
  .meta({ id: 'Correction' });

export const feedView = z
  .object({
    id,
    url: z.string().describe('Follows permanent redirects.'),
    name: z.string(),
    enabled: z.boolean(),
    topics: z.array(id),
    categoryTopics: z.record(z.string(), orNull(id)).describe('By category, in lower case.'),
    everyMinutes: z.int(),
    dueAt: instant.describe('When it is polled next, while it is enabled.'),
    polledAt: orNull(instant),
    succeededAt: orNull(instant),
    failures: z.int().min(0).describe('In a row.'),
    lastError: orNull(z.string()).describe('Null: the last poll went well.'),
    warning: orNull(z.string()).describe('What of the feed could not be used.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Feed' });

export const feedPollView = feedView
  .extend({
    outcome: z.object({
      status: z
        .enum(['ok', 'unchanged', 'failed'])
        .describe('`unchanged`: the server said so. `failed`: see `lastError`.'),
      counts: z.object({
        added: count,
        updated: count,
        noted: count.describe('Changed after readers or operators had done something with the article.'),
        history: count.describe('From before the feed was added.'),
        unchanged: count,
        unusable: count,
      }),
    }),
  })
  .meta({ id: 'FeedPoll' });
