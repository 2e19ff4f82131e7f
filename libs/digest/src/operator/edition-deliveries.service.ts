import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { PublicationService } from '#audience/publication/publication.service.js';
import { DELIVERY_STATUSES } from '#database/schema/index.js';
import { isId } from '#kernel/ids.js';
import { deliveryMessageId } from '#kernel/message-id.js';
import { EditionDeliveriesRepository } from './edition-deliveries.repository.js';
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
    private readonly deliveries: EditionDeliveriesRepository,
    private readonly editions: EditionService,
    private readonly publications: PublicationService,
  ) {}

  async list(editionId: string, { limit, cursor, status }: DeliveriesQuery) {
    await this.editions.get(editionId);
    const { senderEmail } = await this.publications.current();
    const rows = await this.deliveries.page(editionId, { status, after: cursor, limit: limit + 1 });
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
