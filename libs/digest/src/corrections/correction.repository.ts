import { Injectable } from '@nestjs/common';
import { and, countDistinct, eq, inArray, isNull, ne, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { delivery, digest, edition, editionArticle, editionWave, variant } from '#database/schema/index.js';

/** States of a delivery whose reader has what is in it, may have it, or is about to. */
const HAS_OR_GETS = ['accepted', 'uncertain', 'claimed', 'queued'] as const;

/** Who had an article, in the database. */
@Injectable()
export class CorrectionRepository {
  /** Digests, not archived, with which readers got the article or are getting it. Locked until the transaction ends. */
  async digestsThatSent(tx: Executor, articleId: string): Promise<{ id: string; slug: string }[]> {
    const sent = this.deliveriesWith(tx, articleId, sql`${edition.digestId} = ${digest.id}`);
    return tx
      .select({ id: digest.id, slug: digest.slug })
      .from(digest)
      .where(and(isNull(digest.archivedAt), sql`EXISTS ${sent}`))
      .orderBy(digest.id)
      .for('update');
  }

  /** How many readers got the article by these digests, or are getting it. */
  async countReaders(db: Executor, articleId: string, digestIds: readonly string[]): Promise<number> {
    if (digestIds.length === 0) return 0;
    const had = this.deliveriesWith(db, articleId, inArray(edition.digestId, [...digestIds])).as('had');
    const [row] = await db.select({ readers: countDistinct(had.subscriberId) }).from(had);
    return row?.readers ?? 0;
  }

  /** Deliveries, by some editions, of variants with the article. That of a correction is not counted. */
  private deliveriesWith(db: Executor, articleId: string, by: SQL) {
    const place = sql`array_position(${editionWave.articleIds}, ${articleId}::uuid) - 1`;
    return db
      .select({ subscriberId: delivery.subscriberId })
      .from(editionArticle)
      .innerJoin(edition, and(eq(edition.id, editionArticle.editionId), ne(edition.kind, 'correction')))
      .innerJoin(
        delivery,
        and(eq(delivery.editionId, edition.id), inArray(delivery.status, [...HAS_OR_GETS])),
      )
      .innerJoin(
        editionWave,
        and(eq(editionWave.editionId, delivery.editionId), eq(editionWave.wave, delivery.wave)),
      )
      .innerJoin(variant, eq(variant.id, delivery.variantId))
      .where(and(eq(editionArticle.articleId, articleId), by, sql`get_bit(${variant.mask}, ${place}) = 1`));
  }
}
