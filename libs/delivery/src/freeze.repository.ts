import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database } from '#database/database.js';

/** An edition is cut into so many batches, so that every worker has its share of a small one too; */
const BATCHES = 16;
/** but a batch has no fewer readers than a handful of connections sends in a moment, */
const SMALLEST_BATCH = 50;
/** and no more than a job may hold: enough that it costs nothing beside its messages. */
const LARGEST_BATCH = 2_000;

export interface VariantAssignment {
  /** As it stands in subscriber.locale. */
  subscriberLocale: string;
  variantId: string;
}

export interface FreezeRequest {
  editionId: string;
  digestId: string;
  publicationId: string;
  assignments: readonly VariantAssignment[];
  /** For a reader whose locale appeared after the variants were made. */
  fallbackVariantId: string;
  now: Date;
}

/** Writes the frozen audience of an edition. */
@Injectable()
export class FreezeRepository {
  smallestBatch = SMALLEST_BATCH;

  constructor(private readonly database: Database) {}

  /**
   * Freezes: one INSERT … SELECT writes every delivery with its variant and batch, and the edition goes from
   * preparing to sending, in one transaction. A second run changes nothing.
   * @returns how many readers and batches, or null when the edition was not preparing any more
   */
  async freeze(request: FreezeRequest): Promise<{ recipients: number; batches: number } | null> {
    const now = request.now.toISOString();
    return this.database.transaction(async (tx) => {
      const held = await tx.execute(
        sql`SELECT id FROM edition WHERE id = ${request.editionId} AND status = 'preparing' FOR UPDATE`,
      );
      if (rowsOf(held).length === 0) return null;
      await tx.execute(sql`
        INSERT INTO delivery (edition_id, subscriber_id, variant_id, wave, batch, status, due_at, updated_at)
        SELECT ${request.editionId}::uuid, s.id, coalesce(m.variant_id, ${request.fallbackVariantId}::uuid), 0,
               (row_number() OVER (ORDER BY s.id) - 1)
                 / least(greatest(count(*) OVER () / ${BATCHES}::int + 1, ${this.smallestBatch}::int), ${LARGEST_BATCH}::int), 'queued', ${now}::timestamptz, ${now}::timestamptz
        FROM subscriber s
        JOIN subscription u ON u.subscriber_id = s.id AND u.digest_id = ${request.digestId}::uuid
        LEFT JOIN jsonb_to_recordset(${JSON.stringify(
          request.assignments.map((a) => ({ locale: a.subscriberLocale, variant_id: a.variantId })),
        )}::jsonb) AS m(locale text, variant_id uuid) ON m.locale = s.locale
        WHERE s.publication_id = ${request.publicationId}::uuid AND s.status = 'active'
          AND NOT EXISTS (SELECT 1 FROM suppression p
                          WHERE p.publication_id = s.publication_id AND p.address_hmac = s.address_hmac)
        ON CONFLICT DO NOTHING`);
      const counted = await tx.execute(sql`
        SELECT count(*)::int AS recipients, coalesce(max(batch) + 1, 0)::int AS batches
        FROM delivery WHERE edition_id = ${request.editionId}`);
      const sums = rowsOf<{ recipients: number; batches: number }>(counted)[0] ?? {
        recipients: 0,
        batches: 0,
      };
      await tx.execute(sql`
        UPDATE edition SET status = 'sending', recipients = ${sums.recipients}, batches = ${sums.batches},
          started_at = coalesce(started_at, ${now}::timestamptz), status_reason = NULL, updated_at = ${now}::timestamptz
        WHERE id = ${request.editionId}`);
      return sums;
    });
  }
}

/** The rows of a raw query, whichever driver ran it. */
export function rowsOf<T>(result: unknown): T[] {
  return (result as { rows: T[] }).rows;
}
