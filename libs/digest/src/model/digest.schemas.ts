import { z } from 'zod';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import { instant, oneLine } from '#content/articles/fields.js';
import { EDITION_STATUSES, ORDER_RULES, SECTIONS, SKIP_OR_SEND } from '#database/schema/index.js';

/** Liquid of a subject: as long as a few lines of code, one line once rendered. */
export const subjectLine = oneLine(500);

/** More would fill a mail beyond what any mailbox shows. */
const MAX_ARTICLES = 100;
const articleCount = (least: number) => z.int().min(least).max(MAX_ARTICLES);

/** UTF-16 code units; Gmail cuts a mail off at half of it. */
const MAX_TEMPLATE_LENGTH = 200_000;
const MAX_EXCLUDED = 1_000;
const TEN_YEARS_DAYS = 3_650;
const MONTH_MINUTES = 43_200;
const WEEK_MINUTES = 10_080;

export const template = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_TEMPLATE_LENGTH, `must be at most ${MAX_TEMPLATE_LENGTH} characters long`)
  .refine((text) => text.includes('<') || /^[a-z][a-z0-9-]*$/.test(text), {
    error: 'must be the name of a template in templates/emails, without .mjml, or MJML',
    params: { code: 'invalid_format' },
  });

function distinct<T extends z.ZodArray>(list: T, what: string) {
  return list.refine((items) => new Set(items).size === items.length, {
    error: `must not name ${what} twice`,
    params: { code: 'duplicate' },
  });
}
const articleIds = (most: number) =>
  distinct(
    z.array(z.string().max(100).toLowerCase()).max(most, `must be at most ${most} articles`),
    'an article',
  );

const schedule = z.strictObject({
  cron: z
    .string()
    .min(1, 'must not be empty')
    .describe('Five fields: minute, hour, day of the month, month, day of the week: `0 7 * * MON-FRI`.'),
  timeZone: z.string().max(100).nullish().describe("IANA name, `Europe/Lisbon`. Default: the publication's."),
  readerLocal: z
    .boolean()
    .optional()
    .describe(
      'The cron is on the clock of each reader: seven in the morning wherever they are. Default: false.',
    ),
});

const approval = z.strictObject({
  minutes: z
    .int()
    .min(1)
    .max(WEEK_MINUTES)
    .describe('How long before its time it is drafted, and owners and editors are asked by mail.'),
  otherwise: z
    .enum(SKIP_OR_SEND)
    .optional()
    .describe('What becomes of it when nobody said yes or no. Default: `skip`.'),
});

const scheduleFields = {
  schedule: schedule.nullish().describe('When it goes out by itself. Null: only when an operator says so.'),
  lateLimitMinutes: z
    .int()
    .min(0)
    .max(MONTH_MINUTES)
    .optional()
    .describe(
      'What was missed while nothing ran is sent late by at most so much; older ones are held for an operator. Default 360.',
    ),
  approval: approval
    .nullish()
    .describe("Each edition needs an operator's yes before it goes out. Null: none does."),
  whenEmpty: z
    .enum(SKIP_OR_SEND)
    .optional()
    .describe('What a reader gets for whom nothing is new: no mail, or `emptyText`. Default: `skip`.'),
  emptyText: z.string().max(2_000).nullish().describe('Plain text. Needed when `whenEmpty` is `send`.'),
  orderBy: distinct(z.array(z.enum(ORDER_RULES)).min(1, 'Name at least one rule.'), 'a rule')
    .optional()
    .describe('What decides which story comes first; the earlier rule outweighs the later.'),
  pinned: articleIds(MAX_ARTICLES).optional().describe('Ids of articles that come first, in this order.'),
  excluded: articleIds(MAX_EXCLUDED).optional().describe('Ids of articles that it never takes by itself.'),
  lookbackDays: z
    .int()
    .min(1)
    .max(TEN_YEARS_DAYS)
    .optional()
    .describe('Older stories are not taken, not even for a reader who is new. Default 14.'),
  repeatAfterDays: z
    .int()
    .min(0)
    .max(TEN_YEARS_DAYS)
    .nullish()
    .describe('After so many days a reader may get a story again; 0: at once. Null, the default: never.'),
  templates: z
    .record(z.string().max(35), template)
    .optional()
    .describe('By locale, where it is another one than `template`.'),
  alertTemplate: template.optional().describe('For alerts. Default: `alert`.'),
};

const digestFields = {
  name: oneLine(120).min(1, 'must not be empty').describe('What readers see: `The Morning Brief`.'),
  slug: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
    .optional()
    .describe('In URLs and the List-Id; made from the name by default. Never changes later.'),
  topics: z
    .array(z.string().min(1).max(100))
    .max(50, 'must be at most 50 topics')
    .nullish()
    .describe('Ids or slugs of topics whose articles it takes. None or null: every article.'),
  template: template
    .optional()
    .describe('Name of a template in `templates/emails`, or MJML of your own. Default: `digest`.'),
  subject: subjectLine
    .nullish()
    .describe(
      'Liquid over `articles`, `digest`, `publication` and `date`: `{{ articles[0].title }} and more`. ' +
        'Default: the title of the first article.',
    ),
  minArticles: articleCount(1).optional().describe('With fewer articles an edition is not sent. Default 1.'),
  maxArticles: articleCount(1)
    .optional()
    .describe('How many articles an edition takes by itself. Default 20.'),
  isDefault: z
    .boolean()
    .optional()
    .describe('Given to readers who sign up without naming a digest. The first digest made is a default.'),
  ...scheduleFields,
};

/** `POST /digests`. */
export const digestInput = z
  .strictObject(digestFields)
  .meta({ id: 'NewDigest', description: 'A new digest.' });
export type DigestInput = z.output<typeof digestInput>;

/** `PATCH /digests/:id`. What is left out stays; a slug never changes. */
export const digestPatch = digestInput
  .omit({ slug: true })
  .partial()
  .meta({ id: 'DigestPatch', description: 'Changes to a digest.' });
export type DigestPatch = z.output<typeof digestPatch>;

/** `GET /digests`. */
export const digestQuery = pageQuery;
export type DigestQuery = PageQuery;

const deadline = instant
  .nullish()
  .describe(
    'RFC 3339. By when the last message should be accepted: the prediction is held against it, and a late one warned of.',
  );

/** Markdown of some screens: an editor's word, not a story. */
const MAX_INTRO = 10_000;

const story = z.strictObject({
  articleId: z.string().max(100).toLowerCase(),
  section: z.enum(SECTIONS).nullish().describe('Null: the edition is not divided.'),
});

const editionFields = {
  articleIds: z
    .array(z.string().max(100).toLowerCase())
    .max(MAX_ARTICLES, `must be at most ${MAX_ARTICLES} articles`)
    .refine((ids) => new Set(ids).size === ids.length, {
      error: 'must not name an article twice',
      params: { code: 'duplicate' },
    })
    .optional()
    .describe(
      'The articles in their order; the first leads. Default: what this digest has not sent, news first.',
    ),
  stories: z
    .array(story)
    .max(MAX_ARTICLES, `must be at most ${MAX_ARTICLES} articles`)
    .refine((stories) => new Set(stories.map(({ articleId }) => articleId)).size === stories.length, {
      error: 'must not name an article twice',
      params: { code: 'duplicate' },
    })
    .optional()
    .describe(
      'Instead of `articleIds`: in their order, each with its section. What leads comes first, what is in brief last.',
    ),
  subject: subjectLine.nullish().describe("Liquid or plain; default: the digest's."),
  preheader: subjectLine
    .nullish()
    .describe('What inboxes show beside the subject; Liquid or plain. Default: made from the articles.'),
  intro: z
    .string()
    .max(MAX_INTRO, `must be at most ${MAX_INTRO} characters long`)
    .nullish()
    .describe('Markdown: what the editor says before the articles. Sanitised as articles are.'),
  sendAt: instant
    .nullish()
    .describe('RFC 3339. When it is meant to go out; nothing is sent before it is scheduled.'),
  deadline,
};

const seenVersion = z
  .int()
  .min(1)
  .optional()
  .describe(
    'The version that was looked at, as `If-Match`: when there is a newer one nothing is changed (409).',
  );

function onceOnly(its: { articleIds?: unknown; stories?: unknown }, context: z.RefinementCtx): void {
  if (its.articleIds === undefined || its.stories === undefined) return;
  const message = 'Give articleIds or stories, not both.';
  context.addIssue({ code: 'custom', path: ['stories'], message, params: { code: 'conflict' } });
}

/** `POST /digests/:id/editions`. */
export const editionInput = z
  .strictObject(editionFields)
  .superRefine(onceOnly)
  .meta({ id: 'NewEdition', description: 'A new draft of an edition.' });
export type EditionInput = z.output<typeof editionInput>;

/** `PATCH /editions/:id`. */
export const editionPatch = z
  .strictObject({ ...editionFields, version: seenVersion })
  .superRefine(onceOnly)
  .meta({ id: 'EditionPatch', description: 'Changes to a draft or scheduled edition.' });
export type EditionPatch = z.output<typeof editionPatch>;

/** An operator has so long at most to take a sending back. */
const MAX_UNDO_SECONDS = 300;

/** `POST /editions/:id/send`. */
export const sendInput = z
  .strictObject({
    undoSeconds: z
      .int()
      .min(0)
      .max(MAX_UNDO_SECONDS)
      .default(0)
      .describe('So long it is held before it begins, and can be taken back by `undo`. Default: not at all.'),
    version: seenVersion,
  })
  .meta({ id: 'EditionSend' });
export type SendInput = z.input<typeof sendInput>;

/** `POST /editions/:id/versions/:version/restore`. */
export const restoreInput = z.strictObject({ version: seenVersion }).meta({ id: 'EditionRestore' });
export type RestoreInput = z.output<typeof restoreInput>;

/** `POST /editions/:id/schedule`. */
export const scheduleInput = z
  .strictObject({
    sendAt: instant.optional().describe('RFC 3339, in the future. Default: the time the draft remembers.'),
    deadline,
  })
  .meta({ id: 'EditionSchedule', description: 'When to send.' });
export type ScheduleInput = z.output<typeof scheduleInput>;

/** `POST /editions/:id/pause`. */
export const pauseInput = z
  .strictObject({
    reason: oneLine(500).optional().describe('Why, for other operators.'),
  })
  .meta({ id: 'EditionPause' });
export type PauseInput = z.output<typeof pauseInput>;

/** `GET /editions`. */
export const editionQuery = pageQuery.extend({
  digestId: z.uuid('must be the id of a digest').optional().describe('Only of this digest.'),
  status: z.enum(EDITION_STATUSES).optional().describe('Only those in this state.'),
});
export type EditionQuery = z.output<typeof editionQuery>;

export const PREVIEW_FORMATS = ['html', 'text', 'mjml', 'eml'] as const;
export type PreviewFormat = (typeof PREVIEW_FORMATS)[number];

/** `GET /editions/:id/preview`. */
export const previewQuery = z.strictObject({
  format: z.enum(PREVIEW_FORMATS).default('html').describe('`mjml` is the source, `eml` the whole message.'),
  subscriberId: z
    .string()
    .optional()
    .describe('Show the mail that this subscriber gets, byte for byte but for the links, which do nothing.'),
  scheme: z
    .enum(['light', 'dark'])
    .default('light')
    .describe('Of `html`: `dark` shows it as inboxes in dark mode do, by its own rules for them.'),
  locale: z.string().max(35).optional().describe('Show it in this language. Default: the publication’s.'),
  articleIds: z
    .string()
    .max(5_000)
    .optional()
    .describe('Show the variant with these articles only: ids with commas between.'),
  encoding: z
    .enum(['7bit', '8bit'])
    .default('7bit')
    .describe('Of `eml`: `8bit` is what a server that takes 8BITMIME gets, if the mail is not signed.'),
});
export type PreviewQuery = z.output<typeof previewQuery>;
