import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { consentStatement, type ConsentStatement } from '#audience/operator/subscriber.schemas.js';
import { DomainError, invalidField } from '#kernel/errors/errors.js';
import { validate } from '#kernel/input/validate.js';
import { unreadableForm } from '../form-body.js';

/** What the operator states about an imported file. */
export const importQuery = z
  .object({
    source: z
      .string()
      .trim()
      .min(1, 'Say how and where these readers gave their consent.')
      .max(500)
      .describe(
        'How consent was given, kept as proof. Without it every new reader is asked to confirm by mail.',
      ),
    terms: z.literal('accepted', { error: 'State that the readers accepted the terms: terms=accepted' }),
  })
  .partial();

export type ImportQuery = z.output<typeof importQuery>;

const statement = importQuery.required();

/** Both are said, or neither. */
function statementOf(given: object): ConsentStatement | null {
  const { source, terms } = given as ImportQuery;
  if (source === undefined && terms === undefined) return null;
  return validate<ConsentStatement>(consentStatement, validate(statement, { source, terms }), 'consent');
}

/** A CSV of a million readers is about 60 MB. */
export const IMPORT_LIMIT_BYTES = 256 * 1024 * 1024;

/** The file as it comes. @throws DomainError when it is longer than the limit, or when the form breaks off in it */
async function* whole(file: Readable, limit = IMPORT_LIMIT_BYTES): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit) {
        throw new DomainError('too_large', `A file has at most ${limit / 1024 / 1024} MB; split it.`);
      }
      yield chunk;
    }
  } catch (error) {
    throw unreadableForm(error);
  }
}

const notCsv = () =>
  new DomainError(
    'unsupported_media_type',
    'Send the file as text/csv, or in the field "file" of a multipart form.',
  );

/**
 * The file of a `text/csv` body, or of the field `file` of a multipart form.
 * @param limit bytes
 * @throws DomainError `unsupported_media_type`, `invalid_input` when there is no file; while it is read `too_large`
 */
export async function uploadedFile(
  request: FastifyRequest,
  limit: number,
): Promise<{ file: AsyncIterable<Buffer>; name: string | undefined }> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('text/csv')) return { file: whole(request.body as Readable, limit), name: undefined };
  if (!type.startsWith('multipart/form-data')) throw notCsv();
  const part = await request.file({ limits: { fileSize: limit + 1 } }).catch((error: unknown) => {
    throw unreadableForm(error);
  });
  if (!part) throw invalidField('file', 'required', 'Put the CSV file into the field "file".');
  return { file: whole(part.file, limit), name: part.filename };
}

/** Takes the file out of a `text/csv` body or a multipart form, and the statement from the query or the form's fields. */
export async function csvUpload(
  request: FastifyRequest,
  query: ImportQuery,
): Promise<{ file: Readable; statement: ConsentStatement | null }> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('text/csv')) {
    const statement = statementOf(query);
    return { file: Readable.from(whole(request.body as Readable)), statement };
  }
  if (!type.startsWith('multipart/form-data')) {
    throw notCsv();
  }
  const part = await request.file().catch((error: unknown) => {
    throw unreadableForm(error);
  });
  if (!part) throw invalidField('file', 'required', 'Put the CSV file into the field "file".');
  const fields = Object.fromEntries(
    Object.entries(part.fields).flatMap(([name, field]) =>
      field && !Array.isArray(field) && field.type === 'field' ? [[name, field.value]] : [],
    ),
  );
  return {
    file: Readable.from(whole(part.file)),
    statement: statementOf({ ...query, ...fields }),
  };
}
