import { z } from 'zod';
import { IMPORT_COLUMNS } from '../../operator/import-row.js';

/** What a column may be taken for. */
export const FIELDS = [
  ...IMPORT_COLUMNS,
  'first_name',
  'last_name',
  'tags', // kept as the attribute `tags`
  'consented_at', // when they gave their consent: the first that is there
  'unsubscribed_at', // a time: they left
  'bounced_at', // a time: their mailbox is gone
  'opted_out', // yes: they left
  'opted_in', // no: they left
  'attribute', // kept under a name
  'ignore',
] as const;
export type Field = (typeof FIELDS)[number];

/** What one column is taken for. */
export const columnMapping = z
  .strictObject({
    field: z.enum(FIELDS),
    attribute: z.string().trim().min(1).max(100).optional().describe('With `attribute`: under which name.'),
  })
  .meta({ id: 'ColumnMapping' });
export type ColumnMapping = z.output<typeof columnMapping>;

/** Of these there may be several; what is in any column counts. */
export const MANY: readonly Field[] = [
  'attribute',
  'ignore',
  'tags',
  'consented_at',
  'unsubscribed_at',
  'bounced_at',
  'opted_out',
  'opted_in',
];
