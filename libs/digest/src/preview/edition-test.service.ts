import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database, type Executor } from '#database/database.js';
import { ADDRESS_PROBLEMS, parseAddress } from '#kernel/input/address.js';
import { Clock } from '#kernel/clock.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { EditionPreviewService } from './edition-preview.service.js';
import { EditionService } from '../operator/edition.service.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { TestMailRepository } from './test-mail.repository.js';
import { QUOTA_WINDOW_MS, quotaUsedUp, waitForRoom } from './test-quota.js';

const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (typeof parsed !== 'string') return parsed.address;
  context.addIssue({ code: 'custom', message: ADDRESS_PROBLEMS[parsed], params: { code: parsed } });
  return z.NEVER;
});

/** `POST /editions/:id/test`. */
export const testInput = z
  .strictObject({
    to: z
      .array(address)
      .min(1, 'Give at least one address.')
      .max(20, 'Give at most 20 addresses.')
      .describe('Who gets the test: colleagues, not readers.'),
  })
  .meta({ id: 'NewTestMails' });
export type TestInput = z.output<typeof testInput>;

/** Sends an edition to a few addresses for a look. Its links act on nobody. */
@Injectable()
export class EditionTestService {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionService,
    private readonly previews: EditionPreviewService,
    private readonly publications: PublicationService,
    private readonly outbox: Outbox,
    private readonly mails: TestMailRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * @param by the id of the operator or key that asks
   * @returns how many mails are on their way
   * @throws DomainError `invalid_input` also when the edition cannot be rendered; `not_found`; `rate_limited` with the
   *   seconds to wait (see {@link waitForRoom}), and then nothing is written
   */
  async send(editionId: string, { to }: TestInput, by: string): Promise<{ queued: number }> {
    const addresses = [...new Set(to)];
    await this.editions.get(editionId);
    const { id: publicationId } = await this.publications.current();
    const wish = { publicationId, by, wanted: addresses.length };
    await this.refuseTooMany(this.database.db, wish); // whoever asks without end is not to have it rendered each time
    await this.previews.render(editionId); // what cannot be rendered is said now, not in a log later
    const mailIds = await this.database.transaction(async (tx) => {
      await this.mails.lock(tx, publicationId);
      await this.refuseTooMany(tx, wish);
      const ids: string[] = [];
      for (const address of addresses) {
        const payload = { by };
        ids.push(
          await this.outbox.write(tx, { publicationId, kind: 'edition-test', address, editionId, payload }),
        );
      }
      return ids;
    });
    for (const id of mailIds) await this.outbox.announce(id);
    return { queued: mailIds.length };
  }

  private async refuseTooMany(
    db: Executor,
    { publicationId, by, wanted }: { publicationId: string; by: string; wanted: number },
  ): Promise<void> {
    const now = this.clock.now();
    const written = await this.mails.since(db, publicationId, new Date(now.getTime() - QUOTA_WINDOW_MS));
    const waitMs = waitForRoom(written, by, wanted, now);
    if (waitMs > 0) throw quotaUsedUp(waitMs);
  }
}
