import { z } from 'zod';
import { isId } from '../ids.js';

/** One page of a list, newest first. */
export interface Page<T> {
  data: T[];
  /** Where the next page starts; null: this is the last. */
  nextCursor: string | null;
}

/** The query of every list. A cursor is the id of the last row seen: opaque to users. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many per page, at most 200.'),
  cursor: z
    .string()
    .refine(isId, {
      error: 'Give the nextCursor of an earlier answer, unchanged.',
      params: { code: 'invalid' },
    })
    .optional()
    .describe('`nextCursor` of the page before.'),
});
export type PageQuery = z.output<typeof pageQuery>;

/** Makes a page of rows that were read with one more than the limit. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}
