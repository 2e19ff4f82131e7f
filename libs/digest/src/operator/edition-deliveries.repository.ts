import { Injectable } from '@nestjs/common';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { delivery, type DeliveryStatus } from '#database/schema/index.js';

export type DeliveryRow = typeof delivery.$inferSelect;

/** Which rows of an edition's ledger are shown. */
export interface DeliveriesPage {
  /** `deferred` is tried and waiting; `queued` is not tried yet. */
  status?: DeliveryStatus | 'deferred' | undefined;
  /** The reader of the last row of the page before. */
  after?: string | undefined;
  limit: number;
}

/** The ledger of an edition, read for operators. */
@Injectable()
export class EditionDeliveriesRepository {
  constructor(private readonly database: Database) {}

  /** By the readers' ids, ascending. */
  async page(editionId: string, { status, after, limit }: DeliveriesPage): Promise<DeliveryRow[]> {
    const stored = status === 'deferred' ? 'queued' : status;
    return this.database.db
      .select()
      .from(delivery)
      .where(
        and(
          eq(delivery.editionId, editionId),
          stored ? eq(delivery.status, stored) : undefined,
          status === 'deferred' ? sql`${delivery.attempts} > 0` : undefined,
          status === 'queued' ? sql`${delivery.attempts} = 0` : undefined,
          after ? gt(delivery.subscriberId, after) : undefined,
        ),
      )
      .orderBy(asc(delivery.subscriberId))
      .limit(limit);
  }
}
