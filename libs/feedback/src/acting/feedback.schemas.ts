import { z } from 'zod';
import { REPLY_CLASSES, REPLY_STAGES } from '#delivery/replies/reply.js';
import { isId } from '#kernel/ids.js';
import { pageQuery } from '#kernel/input/page.js';
import { RETURN_KINDS } from '../reading/returned-mail.js';

const idOf = (what: string) =>
  z
    .string()
    .refine(isId, { error: `Give the id of ${what}.`, params: { code: 'invalid' } })
    .optional();

/** The query of `GET /feedback/events`. */
export const feedbackEventQuery = pageQuery.extend({
  kind: z.enum(RETURN_KINDS).optional(),
  class: z.enum(REPLY_CLASSES).optional().describe('Of a bounce.'),
  subscriberId: idOf('a subscriber'),
  editionId: idOf('an edition'),
  known: z
    .stringbool({ error: 'known is true or false.' })
    .optional()
    .describe('Only what is of a reader of ours, or only what is not.'),
});
export type FeedbackEventQuery = z.output<typeof feedbackEventQuery>;

/** Characters of a reply that are looked at; no server says more. */
const LONGEST_REPLY = 10_000;

/** What `POST /feedback/classify` takes. */
export const classifyInput = z
  .strictObject({
    code: z
      .int()
      .min(200)
      .max(599)
      .nullable()
      .optional()
      .describe('The basic reply code; null: none was given.'),
    status: z
      .string()
      .max(20)
      .nullable()
      .optional()
      .describe('The enhanced status code, where it is known beside the text.'),
    text: z.string().max(LONGEST_REPLY).describe('What the server said.'),
    stage: z
      .enum(REPLY_STAGES)
      .optional()
      .describe('Where in the dialogue; `message`: after its final dot, or in a bounce mail.'),
  })
  .meta({ id: 'Reply' });
export type ClassifyInput = z.output<typeof classifyInput>;

/** The query of `POST /feedback/messages`. */
export const messageQuery = z.strictObject({
  dryRun: z
    .stringbool({ error: 'dryRun is true or false.' })
    .default(false)
    .describe('Only say what it would do.'),
});
export type MessageQuery = z.output<typeof messageQuery>;
