import { z } from 'zod';
import { EXPORT_STATES } from '#database/schema/index.js';
import { EXPORT_COLUMNS } from '../../operator/export-row.js';
import { bodyFilter } from '../../finding/reader-query.js';

/** What `POST /exports` takes: the filters of the list of readers, and columns. */
export const exportInput = z
  .strictObject({
    filter: bodyFilter.default({}).describe('As in the list of readers.'),
    columns: z
      .array(z.enum(EXPORT_COLUMNS))
      .min(1)
      .max(EXPORT_COLUMNS.length)
      .refine((columns) => new Set(columns).size === columns.length, { error: 'Name each column once.' })
      .default([...EXPORT_COLUMNS])
      .describe('In this order; absent: all, as an import takes them back.'),
  })
  .meta({ id: 'NewExport' });
export type ExportInput = z.output<typeof exportInput>;

export const exportStates = z.enum(EXPORT_STATES);
