import { z } from 'zod';
import { readUrl } from '#kernel/input/read-url.js';
import { ARTICLE_STATES } from './article-state.js';
import { BODY_FORMATS } from '../story/body.js';
import { pageQuery } from '#kernel/input/page.js';
import { instant, oneLine } from './fields.js';

/** 1 MiB of UTF-8: a long book chapter. Gmail clips a mail at a tenth of that. */
export const MAX_BODY_BYTES = 1_048_576;
/** A unique index takes up to 2,704 bytes, and no browser likes longer ones. */
const MAX_URL = 2_000;

/** Room for an order of importance; a larger number would say no more. */
const MAX_PRIORITY = 100;
/** Of a correction: a few paragraphs. More is a new story. */
const MAX_NOTE = 2_000;

/** The URL as a browser sends it: no fragment, since `#comments` is the same story. */
function canonicalUrl(text: string): string {
  const url = readUrl(text);
  if (!url) return text;
  url.hash = '';
  return url.href;
}

const webUrl = z
  .string()
  .overwrite((text) => canonicalUrl(text.trim()))
  .max(MAX_URL, `must be at most ${MAX_URL} characters long`)
  .refine((text) => /^https?:$/.test(readUrl(text)?.protocol ?? ''), {
    error: 'must be a URL that begins with http:// or https://',
  })
  .meta({ format: 'uri' });

const fields = {
  title: oneLine(300).min(1, 'must not be empty').describe('Headline, one line of at most 300 characters.'),
  body: z
    .string()
    // PostgreSQL's text holds no NUL, and none means anything in a story.
    .overwrite((text) => text.replaceAll('\0', ''))
    .min(1, 'must not be empty')
    .refine((text) => Buffer.byteLength(text) <= MAX_BODY_BYTES, {
      error: 'must be at most 1 MB long',
      params: { code: 'too_big' },
    })
    .describe('The story in the given format, at most 1 MB. What a mail can not show is left out.'),
  format: z
    .enum(BODY_FORMATS)
    .describe(
      'How the body is written. In `text` a blank line parts paragraphs and no character is changed.',
    ),
  url: webUrl
    .nullish()
    .describe('Where the story lives. One article per URL. Without it the story lives here, at `/a/{slug}`.'),
  summary: oneLine(1_000)
    .nullish()
    .describe('Shown under the headline; without it the first sentences of the body.'),
  author: oneLine(200).nullish().describe('Byline, without "By".'),
  imageUrl: webUrl.nullish().describe('The picture shown with the story.'),
  topics: z
    .array(z.string().min(1).max(100))
    .max(50, 'must be at most 50 topics')
    .optional()
    .describe('Ids or slugs of topics.'),
  publishedAt: instant
    .optional()
    .describe('RFC 3339. Default: now. In the future: not shown or sent before.'),
  embargoUntil: instant
    .nullish()
    .describe('RFC 3339. Not shown or sent before, whatever `publishedAt` says.'),
  draft: z
    .boolean()
    .optional()
    .describe('Neither shown nor sent until false. Imported articles are drafts. Default: false.'),
  priority: z
    .int()
    .min(-MAX_PRIORITY)
    .max(MAX_PRIORITY)
    .optional()
    .describe('-100 to 100, default 0. The higher comes first where the digest is ordered by priority.'),
  breaking: z
    .boolean()
    .optional()
    .describe('Goes at once to those who asked for alerts, while it is news. Default: false.'),
};

/** `POST /articles`. */
export const articleInput = z.strictObject(fields).meta({ id: 'NewArticle', description: 'A new article.' });
export type ArticleInput = z.output<typeof articleInput>;

/** `PATCH /articles/:id`. What is left out stays; null empties a field, or has the summary made anew. */
export const articlePatch = z
  .strictObject(fields)
  .partial()
  .meta({ id: 'ArticlePatch', description: 'Changes to an article.' });
export type ArticlePatch = z.output<typeof articlePatch>;

/** Plain text of several lines, as it is to be read: no other control characters, no white space around it. */
function plainLines(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** `POST /articles/:id/correct`. */
export const correctionInput = z
  .strictObject({
    note: z
      .string()
      .overwrite(plainLines)
      .min(1, 'must not be empty')
      .max(MAX_NOTE, `must be at most ${MAX_NOTE} characters long`)
      .describe('What was wrong, and what is right: plain text, of several lines if need be.'),
  })
  .meta({ id: 'NewCorrection', description: 'A correction.' });

export type CorrectionInput = z.output<typeof correctionInput>;

/** `GET /articles`. */
export const articleQuery = pageQuery.extend({
  state: z.enum(ARTICLE_STATES).optional().describe('Only articles that are so now.'),
  q: oneLine(200).optional().describe('Only articles with this in their title.'),
});
export type ArticleQuery = z.output<typeof articleQuery>;
