import { Injectable } from '@nestjs/common';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import { delivery, DELIVERY_STATUSES } from '#database/schema/index.js';
import { isId } from '#kernel/ids.js';
import { deliveryMessageId } from '#kernel/message-id.js';
import { EditionService } from './edition.service.js';

const STATUSES = [...DELIVERY_STATUSES, 'deferred'] as const;

/** `GET /editions/:id/deliveries`. */
export const deliveriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .refine(isId, { error: 'Give the nextCursor of an earlier answer, unchanged.' })
    .optional(),
  status: z.enum(STATUSES).optional().describe('`deferred` is tried and waiting; `queued` is not tried yet.'),
});
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;

/** Shows the ledger of an edition. */
@Injectable()
export class EditionDeliveries {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionService,
    private readonly publications: PublicationService,
  ) {}

  async list(editionId: string, { limit, cursor, status }: DeliveriesQuery) {
    await this.editions.get(editionId);
    const { senderEmail } = await this.publications.current();
    const wanted = status === 'deferred' ? 'queued' : status;
    const rows = await this.database.db
      .select()
      .from(delivery)
      .where(
        and(
          eq(delivery.editionId, editionId),
          wanted ? eq(delivery.status, wanted) : undefined,
          status === 'deferred' ? sql`${delivery.attempts} > 0` : undefined,
          status === 'queued' ? sql`${delivery.attempts} = 0` : undefined,
          cursor ? gt(delivery.subscriberId, cursor) : undefined,
        ),
      )
      .orderBy(asc(delivery.subscriberId))
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    return {
      data: shown.map((row) => ({
        subscriberId: row.subscriberId,
        status: row.status === 'queued' && row.attempts > 0 ? 'deferred' : row.status,
        attempts: row.attempts,
        inDoubt: row.inDoubt,
        smtpCode: row.smtpCode,
        smtpReply: row.smtpReply,
        messageId: deliveryMessageId(editionId, row.subscriberId, senderEmail),
        dueAt: row.dueAt,
        acceptedAt: row.acceptedAt,
        updatedAt: row.updatedAt,
      })),
      nextCursor: rows.length > limit ? (shown.at(-1)?.subscriberId ?? null) : null,
    };
  }
}
