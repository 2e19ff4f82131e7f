import { z } from 'zod';
import { IMPORT_STATES } from '#database/schema/index.js';
import { instant } from '#kernel/input/instant.js';
import { line, localeField, reference } from '../../publication/fields.js';
import { columnMapping } from '../formats/fields.js';
import { STANDINGS } from '../formats/standing.js';

/** What is done with the readers of a file, besides what its columns say. */
export const importSettings = z.strictObject({
  gone: z
    .enum(['suppress', 'keep', 'skip'])
    .describe(
      'Who left, bounced or complained there: `suppress` their address, `keep` them as what they are, or `skip` them. None is ever subscribed.',
    ),
  unconfirmed: z
    .enum(['ask', 'skip'])
    .describe('Who never confirmed there: `ask` them by a confirmation mail, or `skip` them.'),
  confirm: z
    .boolean()
    .describe('Everybody new is asked by a confirmation mail, the statement notwithstanding.'),
  everybody: z
    .enum(STANDINGS)
    .nullable()
    .describe('What all of them are, where the file has no column that says it; null: its columns say.'),
  digests: z
    .array(reference)
    .max(100)
    .describe('Of those whose line names none; empty: the default digests.'),
  topics: z.array(reference).max(100).describe('Of those whose line names none; empty: all.'),
  locale: localeField.nullable().describe("Of those whose line says none; null: the publication's."),
});
export type ImportSettings = z.output<typeof importSettings>;

/** What `PATCH /imports/:id` takes. */
export const importPatch = z
  .strictObject({
    mapping: z.array(columnMapping).min(1).max(500).describe('One for each column.'),
    settings: importSettings.partial(),
  })
  .partial()
  .meta({ id: 'ImportPatch' });
export type ImportPatch = z.output<typeof importPatch>;

/** What `POST /imports/:id/start` takes: what was agreed to, when, and where. */
export const importStart = z
  .strictObject({
    consent: z.strictObject({
      source: line(400, 3).describe(
        'How these readers gave their consent, in words: kept as proof with each.',
      ),
      where: line(100).optional().describe('Where: a place, a page, a form.'),
      at: instant.optional().describe('When, for those whose line does not say; absent: now.'),
      terms: z.literal('accepted', { error: 'State that the terms were accepted: "accepted".' }),
    }),
  })
  .meta({ id: 'ImportStart' });
export type ImportStart = z.output<typeof importStart>;

/** The query of `POST /imports`. */
export const uploadQuery = z.strictObject({
  name: z.string().trim().max(200).optional().describe('Of the file, as the operator knows it.'),
});
export type UploadQuery = z.output<typeof uploadQuery>;

export const importStates = z.enum(IMPORT_STATES);
