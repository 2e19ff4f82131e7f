import { z } from 'zod';
import { SUBSCRIBER_STATUSES } from '#database/schema/index.js';
import { pageQuery } from '#kernel/input/page.js';
import { reference } from '../publication/fields.js';

/** Orders of the list of readers. */
export const READER_ORDERS = ['newest', 'oldest', 'address'] as const;
export type ReaderOrder = (typeof READER_ORDERS)[number];

/** Attributes that one request may ask for. */
const MOST_ATTRIBUTES = 5;

const attribute = z
  .string()
  .max(500)
  .transform((text, context) => {
    const colon = text.indexOf(':');
    if (colon > 0) return { name: text.slice(0, colon), value: text.slice(colon + 1) };
    context.addIssue({ code: 'custom', message: 'Write an attribute as name:value.' });
    return z.NEVER;
  });

const word = (of: string) => z.string().trim().min(1).max(100).optional().describe(of);

/** Which readers are meant: all of it must hold. */
export const readerFilter = z.strictObject({
  q: z
    .string()
    .trim()
    .max(200)
    .optional()
    .describe(
      'Part of the address or the name; of several words each. Case and accents do not matter. Words of one or two letters are ' +
        'looked for everywhere among the newest ten thousand, and at the beginnings of addresses and names among the others.',
    ),
  email: z.string().max(320).optional().describe('The whole address, in any spelling.'),
  status: z.enum(SUBSCRIBER_STATUSES).optional(),
  digest: reference.optional().describe('Who has subscribed to it: its id or slug.'),
  topic: reference
    .optional()
    .describe('Who chose it by name (who takes all topics did not): its id or slug; with `digest`, in it.'),
  source: word('Which form they came by first: `article`, `embed`, `import`, `api`, `operator` …'),
  locale: word('As it is stored: `de`, `pt-BR`.'),
  inactive: z
    .stringbool()
    .optional()
    .describe(
      '`true`: active, but nothing is sent to them now: their mailbox rests, or all they get is paused.',
    ),
  attribute: z
    .preprocess(
      (given) => (given === undefined ? undefined : [given].flat()),
      z.array(attribute).max(MOST_ATTRIBUTES).optional(),
    )
    .optional()
    .describe('`name:value`; may be given several times.'),
});
export type ReaderFilter = z.output<typeof readerFilter>;

/** The same as a JSON body says it. By their addresses readers are named, not filtered. */
export const bodyFilter = readerFilter.omit({ email: true }).extend({
  inactive: z.boolean().optional().describe('As in the list.'),
  attribute: z.array(attribute).max(MOST_ATTRIBUTES).optional().describe('Each `name:value`.'),
});

/** More words tell nothing that fewer do not. */
const MOST_WORDS = 6;

/** What is looked for, word by word. */
export function wordsOf(q: string | undefined): string[] {
  return (q ?? '').split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
}

/** The query of `GET /subscribers`. */
export const subscriberQuery = pageQuery.extend({
  ...readerFilter.shape,
  sort: z.enum(READER_ORDERS).default('newest'),
});
export type SubscriberQuery = z.output<typeof subscriberQuery>;
