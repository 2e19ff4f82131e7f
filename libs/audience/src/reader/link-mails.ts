import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import type { OutboxKind } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { MAILS_PER_ADDRESS, throttleStart } from '../subscribers/mail-throttle.js';
import type { Subscriber } from '../subscribers/reader.repository.js';
import { SingleMailRepository } from '../subscribers/single-mail.repository.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';

/** Sends a reader a fresh link in place of one that has ended. */
@Injectable()
export class LinkMails {
  constructor(
    private readonly database: Database,
    private readonly mails: SingleMailRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Held back when the address is suppressed or has had its three mails this hour; the caller answers the same.
   * @param counted the kinds of mail that count together
   */
  async send(
    subscriber: Subscriber,
    kind: OutboxKind,
    counted: readonly OutboxKind[] = [kind],
  ): Promise<void> {
    const { id, publicationId, addressHmac } = subscriber;
    const mailId = await this.database.transaction(async (tx) => {
      const since = throttleStart(this.clock.now());
      const mails = await this.mails.lockAndCount(tx, id, counted, since);
      const suppressed = (await this.suppressions.find(publicationId, addressHmac, tx)) !== undefined;
      return this.outbox.write(tx, {
        publicationId,
        kind,
        subscriberId: id,
        suppressed: suppressed || mails >= MAILS_PER_ADDRESS,
      });
    });
    await this.outbox.announce(mailId);
  }
}
