import { z } from 'zod';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import { oneLine } from '../articles/fields.js';

const topicName = z.string().min(1).max(100);

const fields = {
  url: z
    .string()
    .overwrite((text) => text.trim())
    .min(1, 'must not be empty')
    .max(2_000, 'must be at most 2000 characters long')
    .describe('Of the feed itself: RSS, Atom, RDF or JSON Feed. It is fetched at once.'),
  name: oneLine(200).min(1, 'must not be empty').optional().describe('Default: what the feed calls itself.'),
  topics: z
    .array(topicName)
    .max(50, 'must be at most 50 topics')
    .optional()
    .describe('Ids or slugs of topics that each of its articles gets.'),
  categoryTopics: z
    .record(z.string().min(1).max(200), topicName.nullable())
    .refine((map) => Object.keys(map).length <= 200, { error: 'must be at most 200 categories' })
    .optional()
    .describe(
      "Category of the feed → id or slug of a topic; null: that category gives no topic. A category with a topic's name or slug needs no rule.",
    ),
  everyMinutes: z
    .int()
    .min(5, 'must be at least 5')
    .max(10_080, 'must be at most 10080, a week')
    .optional()
    .describe('How often it is polled. Default: 30.'),
  enabled: z.boolean().optional().describe('Whether it is polled. Default: true.'),
};

/** `POST /feeds`. */
export const feedInput = z.strictObject(fields).meta({ id: 'NewFeed', description: 'A new feed.' });
export type FeedInput = z.output<typeof feedInput>;

/** `PATCH /feeds/:id`. What is left out stays. */
export const feedPatch = z
  .strictObject(fields)
  .partial()
  .meta({ id: 'FeedPatch', description: 'Changes to a feed.' });
export type FeedPatch = z.output<typeof feedPatch>;

export const feedQuery = pageQuery;
export type FeedQuery = PageQuery;
