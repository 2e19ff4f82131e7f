import { sql, type SQL } from 'drizzle-orm';
import { newId } from '#kernel/ids.js';

/**
 * The statement that gives a wave more variants; it returns their id, content_id, more and mask. Lent to delivery, which
 * moves waiting rows to them in the same statement.
 * @param rows a query of content_id, locale, mask and more, each once
 */
export function insertVariants({ editionId, wave }: { editionId: string; wave: number }, rows: SQL): SQL {
  // The first part of a new id and a number, as when the wave was frozen.
  const prefix = newId().slice(0, 24);
  return sql`
    INSERT INTO variant (id, edition_id, wave, content_id, locale, mask, more)
    SELECT (${prefix}::text || lpad(to_hex(row_number() OVER ()), 12, '0'))::uuid, ${editionId}::uuid, ${wave}::int,
      content_id, locale, mask, more
    FROM (${rows}) r
    RETURNING id, content_id, more, mask`;
}
