import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError, invalidField } from '#kernel/errors.js';
import { validate } from '#kernel/validate.js';

/** What the operator states about an imported file. */
export const importQuery = z.object({
  source: z
    .string()
    .trim()
    .min(1, 'Say how and where these readers gave their consent.')
    .max(500)
    .describe('How consent was given, kept as proof.'),
  terms: z.literal('accepted', { error: 'State that the readers accepted the terms: terms=accepted' }),
});
export type ImportOptions = z.output<typeof importQuery>;

/** Takes the file out of a `text/csv` body or a multipart form, and the statement from the query or the form's fields. */
export async function csvUpload(
  request: FastifyRequest,
  query: unknown,
): Promise<{ file: Readable; options: ImportOptions }> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('text/csv')) {
    return { file: request.body as Readable, options: validate<ImportOptions>(importQuery, query, 'query') };
  }
  if (!type.startsWith('multipart/form-data')) {
    throw new DomainError(
      'unsupported_media_type',
      'Send the file as text/csv, or in the field "file" of a multipart form.',
    );
  }
  const part = await request.file();
  if (!part) throw invalidField('file', 'required', 'Put the CSV file into the field "file".');
  const fields = Object.fromEntries(
    Object.entries(part.fields).flatMap(([name, field]) =>
      field && !Array.isArray(field) && field.type === 'field' ? [[name, field.value]] : [],
    ),
  );
  return {
    file: part.file,
    options: validate<ImportOptions>(importQuery, { ...(query as object), ...fields }),
  };
}
