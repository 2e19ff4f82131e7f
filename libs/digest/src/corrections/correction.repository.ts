import { Injectable } from '@nestjs/common';
import { and, countDistinct, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { delivery, digest, edition, variant } from '#database/schema/index.js';

/** States of a delivery whose reader has what is in it, may have it, or is about to. */
const HAS_OR_GETS = ['accepted', 'uncertain', 'claimed', 'queued'] as const;

/** Who had an article, in the database. */
@Injectable()
export class CorrectionRepository {
  /** Digests, not archived, with which readers got the article or are getting it. Locked until the transaction ends. */
  async digestsThatSent(tx: Executor, articleId: string): Promise<{ id: string; slug: string }[]> {
    const sent = tx
      .select({ one: sql`1` })
      .from(delivery)
      .innerJoin(variant, eq(variant.id, delivery.variantId))
      .innerJoin(edition, eq(edition.id, delivery.editionId))
      .where(and(eq(edition.digestId, digest.id), this.holds(articleId)));
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
    const [row] = await db
      .select({ readers: countDistinct(delivery.subscriberId) })
      .from(delivery)
      .innerJoin(variant, eq(variant.id, delivery.variantId))
      .innerJoin(edition, eq(edition.id, delivery.editionId))
      .where(and(inArray(edition.digestId, [...digestIds]), this.holds(articleId)));
    return row?.readers ?? 0;
  }

  private holds(articleId: string) {
    return and(
      inArray(delivery.status, [...HAS_OR_GETS]),
      sql`${articleId}::uuid = ANY(${variant.articleIds})`,
    );
  }
}
