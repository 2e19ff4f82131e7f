import { z } from 'zod';
import { instant as rfc3339 } from '#kernel/instant.js';

/** One line of text: control characters and line breaks are spaces; non-breaking spaces stay. */
export const oneLine = (max: number) =>
  z
    .string()
    .overwrite((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .max(max, `must be at most ${max} characters long`);

/** RFC 3339 in, Date out. A Date passes, so that what was parsed once can be parsed again. */
export const instant = z.preprocess(
  (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value),
  rfc3339,
);

/** What every list takes. A cursor is the id of the last row seen: opaque to users. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many per page, at most 200.'),
  cursor: z
    .uuid('must be the nextCursor of an earlier answer')
    .optional()
    .describe('`nextCursor` of the page before.'),
});
export type PageQuery = z.output<typeof pageQuery>;

/** One page of a list, newest first. */
export interface Page<T> {
  data: T[];
  /** Where the next page starts; null: this is the last. */
  nextCursor: string | null;
}

/** Makes a page of rows that were read with one more than the limit. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}
