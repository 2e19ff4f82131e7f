import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { PublicationService } from '#audience/publication/publication.service.js';
import { DELIVERY_STATUSES } from '#database/schema/index.js';
import { maskAddress } from '#kernel/input/mask-address.js';
import { isId } from '#kernel/ids.js';
import { deliveryMessageId } from '#kernel/message-id.js';
import { wordsOf } from '#audience/finding/reader-query.js';
import { EditionDeliveriesRepository } from './edition-deliveries.repository.js';
import { EditionOutcomesRepository } from './edition-outcomes.repository.js';
import { EditionService } from '../operator/edition.service.js';

const STATUSES = [...DELIVERY_STATUSES, 'deferred'] as const;

/** `GET /editions/:id/deliveries`. */
export const deliveriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .refine(isId, { error: 'Give the nextCursor of an earlier answer, unchanged.' })
    .optional(),
  q: z.string().trim().max(200).optional().describe("Part of the reader's address or name."),
  status: z.enum(STATUSES).optional().describe('`deferred` is tried and waiting; `queued` is not tried yet.'),
});
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;

/** Shows the ledger of an edition. */
@Injectable()
export class EditionDeliveries {
  constructor(
    private readonly deliveries: EditionDeliveriesRepository,
    private readonly replies: EditionOutcomesRepository,
    private readonly editions: EditionService,
    private readonly publications: PublicationService,
  ) {}

  /**
   * A page of it, by the readers' ids.
   * @param masked for whoever may not read addresses: `j•••@example.org`, and no names. They must not search by `q` either: it would tell
   * @throws DomainError `not_found`
   */
  async list(editionId: string, { limit, cursor, status, q }: DeliveriesQuery, { masked = false } = {}) {
    await this.editions.get(editionId);
    const { senderEmail } = await this.publications.current();
    const rows = await this.deliveries.page(editionId, {
      status,
      words: wordsOf(q),
      after: cursor,
      limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    return {
      data: shown.map((row) => ({
        subscriberId: row.subscriberId,
        email: masked && row.email !== null ? maskAddress(row.email) : row.email,
        name: masked ? null : row.name,
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

  /** What became of an edition's messages, grouped by what was said, and by whom. @throws DomainError `not_found` */
  async outcomes(editionId: string) {
    await this.editions.get(editionId);
    return { data: await this.replies.of(editionId), nextCursor: null };
  }
}
