import { z } from 'zod';
import { DELIVERY_STATUSES, EDITION_KINDS } from '#database/schema/index.js';
import { READER_CODES } from '#digest/explain/due.js';
import { VERDICTS } from '#digest/explain/verdicts.js';
import { instant } from './common.js';

export const explanationView = z
  .object({
    subscriberId: z.string(),
    editionId: z.string().nullable().describe('Null in a plan.'),
    wave: z.int().nullable().describe('Null: none is frozen for this reader.'),
    at: instant.describe('When the reader was or is to get it.'),
    frozen: z.boolean().describe('What happened is told; else what would.'),
    sent: z.boolean().describe('A mail was accepted, or may have been.'),
    delivery: z
      .object({ status: z.enum(DELIVERY_STATUSES), acceptedAt: instant.nullable() })
      .nullable()
      .describe('Null: there is no mail to the reader.'),
    reader: z.object({
      status: z.string(),
      subscribed: z.boolean(),
      suppressed: z.boolean(),
      topics: z.array(z.string()).nullable().describe('Ids; null: all.'),
      cadence: z.string().nullable(),
      weekday: z.int().nullable(),
      hour: z.int().nullable(),
      alerts: z.boolean(),
      pausedUntil: z.string().nullable(),
      timeZone: z.string(),
      due: z.boolean().describe('There is or will be a mail to them.'),
      code: z.enum(READER_CODES),
      reason: z.string(),
      next: z.string().nullable().describe('The first day on which it may be otherwise.'),
    }),
    articles: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          verdict: z.enum(VERDICTS),
          reason: z.string(),
          edition: z
            .object({ id: z.string(), slug: z.string(), kind: z.enum(EDITION_KINDS), at: instant })
            .nullable()
            .describe('The earlier one that the reason is about.'),
          until: instant.nullable().describe('How long an embargo holds.'),
        }),
      )
      .describe('The candidates in the order of the mail, then the newest that were none.'),
  })
  .meta({ id: 'Explanation' });

export const planView = z
  .object({
    at: instant.describe('Of the first wave.'),
    slot: z
      .object({ at: instant, previousAt: instant.nullable(), local: z.boolean() })
      .nullable()
      .describe('A local one is the wall clock written as if it were UTC. Null: there is no schedule.'),
    waves: z.array(
      z.object({
        at: instant,
        zones: z.array(z.string()),
        readers: z.int().describe('Active subscribers whose time it is.'),
        recipients: z.int().nullable().describe('Null: to find out would have taken too long.'),
        variants: z
          .array(
            z.object({
              articleIds: z.array(z.string()),
              locale: z.string(),
              more: z.boolean().describe('The maximum cuts articles off.'),
              recipients: z.int(),
              subject: z.string().nullable().describe('Null: it can not be written; see `problems`.'),
            }),
          )
          .describe('Those that most readers get.'),
        moreVariants: z.int().describe('How many are not shown.'),
      }),
    ),
    articles: z.array(z.object({ id: z.string(), title: z.string(), recipients: z.int() })),
    subject: z.string().nullable().describe('Of the variant that most readers get.'),
    empty: z.int().describe('Readers who would get nothing.'),
    problems: z.array(z.string()).describe('What would keep it from being sent.'),
    predicted: z
      .object({ seconds: z.number(), perSecond: z.number(), finishAt: instant })
      .nullable()
      .describe('At the pace of the last editions; null: there are none to go by.'),
    reader: explanationView.nullable().describe('Of `subscriberId`.'),
  })
  .meta({ id: 'Plan' });
