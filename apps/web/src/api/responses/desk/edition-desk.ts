import { z } from 'zod';
import { count, id, instant, orNull } from '../common.js';

export const editionChecks = z
  .object({
    data: z.array(
      z.object({
        code: z.string().describe('`too_large`, `missing_alt`, `dead_link`, `story_draft`, `sender_dns` …'),
        severity: z.enum(['error', 'warning', 'note']).describe('With an `error` it is not sent.'),
        where: z.object({
          part: z
            .string()
            .describe('`subject`, `intro`, `stories`, `mail`, `publication`, `sender`, `audience`.'),
          articleId: orNull(id),
          title: orNull(z.string()),
          url: orNull(z.string()),
        }),
        message: z.string().describe('What is the matter.'),
        todo: z.string().describe('What to do about it.'),
      }),
    ),
    lines: orNull(z.object({ subject: z.string(), preheader: z.string() })).describe(
      'As a reader who gets every story sees them; null: it can not be rendered.',
    ),
    bytes: orNull(count).describe('Of the HTML part.'),
    pendingLinks: count.describe('Links that are still being tried: ask again in a moment.'),
  })
  .meta({ id: 'EditionChecks' });

export const editionEstimate = z
  .object({
    at: instant,
    readers: count.describe('Active subscribers of the digest.'),
    recipients: orNull(count).describe('Who would get a mail; null: to find out would have taken too long.'),
    empty: count.describe('Who would get none, because nothing is new to them.'),
    subject: orNull(z.string()).describe('Of the variant that most readers get.'),
    variants: z
      .array(
        z.object({
          articleIds: z.array(id),
          locale: z.string(),
          more: z.boolean(),
          recipients: count,
          subject: orNull(z.string()),
        }),
      )
      .describe('Those that most readers get.'),
    moreVariants: count,
    finishAt: orNull(instant).describe(
      'When the last message would be accepted, at the transports’ pace; null: not known.',
    ),
    perSecond: orNull(z.number()),
    problems: z.array(z.string()),
  })
  .meta({ id: 'EditionEstimate' });
