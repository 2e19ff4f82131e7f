import { z } from 'zod';
import { BULK_ACTIONS, BULK_STATES } from '#database/schema/index.js';
import { count, id, instant, orNull } from './common.js';

export const bulkView = z
  .object({
    id: orNull(id).describe('Null: a dry run.'),
    action: z.enum(BULK_ACTIONS),
    digestId: orNull(id),
    state: z
      .enum([...BULK_STATES, 'dry_run'])
      .describe('`waiting` for `beginsAt`; `cancelled`: what was done until then stays.'),
    matched: count.describe('Subscribers who were meant when it was asked for.'),
    expected: count.describe('Those of them who would have been changed then.'),
    changed: count.describe('So far.'),
    skipped: z
      .record(z.string(), count)
      .describe('Left as they are, by the reason: `already`, `suppressed`, `pending`, `unsubscribed` …'),
    undone: count,
    canUndo: z.boolean(),
    madeBy: z.string().describe('Name of the operator or the key.'),
    beginsAt: orNull(instant),
    createdAt: instant,
    finishedAt: orNull(instant),
  })
  .meta({ id: 'BulkAction' });
