import { z } from 'zod';
import { ORDER_RULES, SKIP_OR_SEND, SLOT_STATUSES } from '#database/schema/index.js';
import { id, instant, orNull } from './common.js';

export const digestView = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    template: z.string(),
    subject: orNull(z.string()),
    topics: orNull(z.array(id)),
    isDefault: z.boolean(),
    minArticles: z.int(),
    maxArticles: z.int(),
    schedule: orNull(
      z.object({
        cron: z.string(),
        timeZone: orNull(z.string()).describe("Null: the publication's."),
        readerLocal: z.boolean(),
      }),
    ).describe('Null: it goes out only when an operator says so.'),
    nextAt: orNull(instant).describe('When the next mail of it is due; null: none is.'),
    lateLimitMinutes: z.int(),
    approval: orNull(z.object({ minutes: z.int(), otherwise: z.enum(SKIP_OR_SEND) })),
    whenEmpty: z.enum(SKIP_OR_SEND),
    emptyText: orNull(z.string()),
    orderBy: z.array(z.enum(ORDER_RULES)),
    pinned: z.array(id),
    excluded: z.array(id),
    lookbackDays: z.int(),
    repeatAfterDays: orNull(z.int()),
    templates: z.record(z.string(), z.string()),
    alertTemplate: z.string(),
    archivedAt: orNull(instant),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Digest' });

const slotTimes = {
  at: z
    .string()
    .describe("RFC 3339, UTC; if `local`, what readers' clocks show: `2026-11-23T07:00:00`, without a zone."),
  local: z.boolean(),
  opensAt: instant.describe('When its first readers are due.'),
  closesAt: instant.describe('After this nobody is due any more.'),
};

export const slotView = z
  .object({
    id,
    digestId: id,
    ...slotTimes,
    status: z
      .enum(SLOT_STATUSES)
      .describe("`open`: drafted, waits for an operator's yes. `held`: was missed, waits for an operator."),
    editionId: orNull(id),
    reason: orNull(z.string()),
    decidedAt: orNull(instant),
    createdAt: instant,
  })
  .meta({ id: 'Slot' });

const calendarEntry = z
  .object({
    digestId: id,
    ...slotTimes,
    status: z
      .enum(['planned', 'scheduled', ...SLOT_STATUSES])
      .describe('`scheduled`: an edition waits for the time somebody gave it; `fired` once it has begun.'),
    slotId: orNull(id).describe('Null: not made yet, or an edition scheduled by hand.'),
    editionId: orNull(id),
  })
  .meta({ id: 'CalendarEntry' });

export const calendarView = z
  .object({
    data: z.array(calendarEntry).describe('Ascending.'),
    truncated: z.boolean().describe("There are more; ask again from the last one's time."),
  })
  .meta({ id: 'Calendar' });
