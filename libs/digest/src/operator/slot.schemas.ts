import { z } from 'zod';
import { pageQuery } from '#kernel/input/page.js';
import { instant } from '#content/articles/fields.js';
import { SLOT_STATUSES } from '#database/schema/index.js';

/** `GET /slots`. */
export const slotQuery = pageQuery.extend({
  digestId: z.uuid('must be the id of a digest').optional().describe('Only of this digest.'),
  status: z.enum(SLOT_STATUSES).optional().describe('Only those; `held` wait for an operator.'),
});

export type SlotQuery = z.output<typeof slotQuery>;

/** `GET /calendar`. */
export const calendarQuery = z.strictObject({
  from: instant.optional().describe('RFC 3339, inclusive. Default: now.'),
  to: instant.optional().describe('RFC 3339, exclusive; at most 366 days later. Default: 31 days later.'),
  digestId: z.string().optional().describe('Only of this digest.'),
});
export type CalendarQuery = z.output<typeof calendarQuery>;
