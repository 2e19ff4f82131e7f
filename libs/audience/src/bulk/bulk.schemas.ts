import { z } from 'zod';
import { BULK_ACTIONS, type BulkAction, type BulkState } from '#database/schema/index.js';
import { pageQuery } from '#kernel/input/page.js';
import { bodyFilter } from '../finding/reader-query.js';
import { consentStatement } from '../operator/subscriber.schemas.js';
import { reference } from '../publication/fields.js';

/** Readers ticked one by one. */
const MOST_IDS = 1_000;
/** Time to think again. */
const WAIT_SECONDS = 10;

/** What `POST /subscribers/bulk` takes. */
export const bulkInput = z
  .strictObject({
    action: z.enum(BULK_ACTIONS),
    digest: reference.optional().describe('With `add_digest` and `remove_digest`: its id or slug.'),
    consent: consentStatement
      .optional()
      .describe('`add_digest` needs it: how these readers agreed to get the digest.'),
    ids: z.array(z.uuid()).min(1).max(MOST_IDS).optional().describe('Just these readers.'),
    filter: bodyFilter.optional().describe('All whom the list shows by this filter.'),
    everybody: z.literal(true).optional().describe('All readers there are.'),
    dryRun: z.boolean().default(false).describe('Only counts.'),
    expect: z
      .int()
      .min(0)
      .optional()
      .describe('The `matched` of a dry run: it is refused when there are more by now.'),
    waitSeconds: z
      .int()
      .min(0)
      .max(600)
      .default(WAIT_SECONDS)
      .describe('So long it waits before it begins, to be called off.'),
  })
  .meta({ id: 'NewBulkAction' });
export type BulkInput = z.output<typeof bulkInput>;

/** The query of `GET /subscribers/bulk`. */
export const bulkQuery = pageQuery;

/** What is done to many readers, as it is shown. */
export interface BulkView {
  /** Null: a dry run. */
  id: string | null;
  action: BulkAction;
  digestId: string | null;
  state: BulkState | 'dry_run';
  matched: number;
  expected: number;
  changed: number;
  skipped: Record<string, number>;
  undone: number;
  canUndo: boolean;
  madeBy: string;
  beginsAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
}
