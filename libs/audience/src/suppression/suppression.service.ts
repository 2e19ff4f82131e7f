import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { SUPPRESSION_REASONS, type SuppressionReason } from '#database/schema/index.js';
import { ADDRESS_PROBLEMS, parseAddress } from '#kernel/input/address.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { scrub } from '#kernel/observing/scrub.js';
import { AddressHasher } from './address-hasher.js';
import { line } from '../publication/fields.js';
import { pageQuery, toPage, type Page } from '#kernel/input/page.js';
import { PublicationService } from '../publication/publication.service.js';
import { SingleMailRepository } from '../subscribers/single-mail.repository.js';
import { SuppressionRepository, type Suppression } from './suppression.repository.js';

/** What `POST /suppressions` takes. */
export const suppressionInput = z
  .strictObject({
    email: z.string(),
    reason: z.enum(SUPPRESSION_REASONS).default('operator'),
    note: line(500).nullable().optional(),
  })
  .meta({ id: 'NewSuppression' });
export type SuppressionInput = z.output<typeof suppressionInput>;

const WHY =
  'Say why this address may be mailed again: {"reason": "They wrote that the mailbox works again."}';

/** What `DELETE /suppressions/:id` takes. */
export const suppressionLift = z
  .strictObject({ reason: z.string({ error: WHY }).trim().min(1, { error: WHY }).pipe(line(500)) })
  .meta({ id: 'SuppressionLift' });
export type SuppressionLift = z.output<typeof suppressionLift>;

/** The query of `GET /suppressions`. */
export const suppressionQuery = pageQuery.extend({
  subscriberId: z
    .string()
    .refine(isId, { error: 'Give the id of a subscriber.', params: { code: 'invalid' } })
    .optional()
    .describe('Only of this subscriber’s address: one or none.'),
});
export type SuppressionQuery = z.output<typeof suppressionQuery>;

/** A suppression as it is shown: the address itself is not known, only whose it is while that reader is still here. */
export interface SuppressionView {
  id: string;
  reason: SuppressionReason;
  note: string | null;
  /** The evidence, at `GET /feedback/events` while it is kept; null: there is none but the server's word or a person's. */
  returnedItemId: string | null;
  createdAt: Date;
  subscriberId: string | null;
}

/** Addresses never to be mailed. */
@Injectable()
export class SuppressionService {
  constructor(
    private readonly database: Database,
    private readonly suppressions: SuppressionRepository,
    private readonly mails: SingleMailRepository,
    private readonly hasher: AddressHasher,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  async list(page: SuppressionQuery): Promise<Page<SuppressionView>> {
    const { id } = await this.publications.current();
    const { data, nextCursor } = toPage(await this.suppressions.page(id, page), page.limit);
    return { data: data.map((row) => toView(row, row.subscriberId)), nextCursor };
  }

  /** {@link add} from an API body. */
  async create({ email, reason, note }: SuppressionInput): Promise<SuppressionView> {
    return this.add(email, reason, note);
  }

  /**
   * Suppresses an address and stops everything that waits for it. Adding it again changes nothing.
   * @throws DomainError `invalid_input` when it is no address
   */
  async add(address: string, reason: SuppressionReason, note?: string | null): Promise<SuppressionView> {
    const parsed = parseAddress(address);
    if (typeof parsed === 'string') throw invalidField('email', parsed, ADDRESS_PROBLEMS[parsed]);
    const publication = await this.publications.current();
    const addressHmac = await this.hasher.hash(parsed.normalised);
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const row: Suppression = {
        id: newId(),
        publicationId: publication.id,
        addressHmac,
        reason,
        note: note ?? null,
        returnedItemId: null,
        createdAt: now,
      };
      await this.suppressions.insert(tx, [row]);
      const ids = await this.suppressions.subscribersWith(tx, publication.id, addressHmac);
      await this.mails.stop(tx, ids, now);
      const kept = (await this.suppressions.find(publication.id, addressHmac, tx)) ?? row;
      return toView(kept, ids[0] ?? null);
    });
  }

  /**
   * Lets an address be mailed again; a reader who bounced and whose consent stands is active again. One that complained is not, before it
   * consents anew.
   * @throws DomainError `not_found`, `conflict`
   */
  async lift(id: string, { reason }: SuppressionLift): Promise<void> {
    const publication = await this.publications.current();
    const row = isId(id) ? await this.suppressions.byId(publication.id, id) : undefined;
    if (!row) throw notFound('suppression');
    if (row.reason === 'complaint' && !(await this.suppressions.hasConsentedSince(row))) {
      const message =
        'This reader called a mail of yours spam. The suppression can be lifted once they have signed up anew.';
      throw new DomainError('conflict', message);
    }
    await this.database.transaction(async (tx) => {
      if (!(await this.suppressions.delete(tx, publication.id, id))) throw notFound('suppression');
      await this.suppressions.restore(tx, row, { reason: scrub(reason), now: this.clock.now() });
    });
  }

  /** @param addressHmac from the AddressHasher */
  async isSuppressed(addressHmac: Buffer): Promise<boolean> {
    const publication = await this.publications.current();
    return (await this.suppressions.find(publication.id, addressHmac)) !== undefined;
  }
}

function toView(row: Suppression, subscriberId: string | null): SuppressionView {
  const { id, reason, note, returnedItemId, createdAt } = row;
  return { id, reason, note, returnedItemId, createdAt, subscriberId };
}
