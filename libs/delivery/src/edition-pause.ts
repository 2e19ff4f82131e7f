import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { SlotNotices } from '#digest/slots/slot-notices.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/logger.js';
import { DeliveryRepository } from './delivery.repository.js';

/** Pauses an edition of our own accord. */
@Injectable()
export class EditionPause {
  constructor(
    private readonly database: Database,
    private readonly repository: DeliveryRepository,
    private readonly notices: SlotNotices,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Pauses an edition that is being sent, says why, and writes to those who may decide: once for each pause, in its transaction. Of
   * several workers at once, one does.
   * @param reason for operators: without an address
   */
  async pause(editionId: string, reason: string): Promise<void> {
    const mails = await this.database.transaction(async (tx) => {
      const paused = await this.repository.pauseEdition(tx, editionId, reason, this.clock.now());
      if (!paused) return null;
      const digest = { id: paused.digestId, publicationId: paused.publicationId };
      return this.notices.write(tx, 'edition-paused', digest, { editionId, reason });
    });
    if (!mails) return;
    this.log.warn('edition paused', { edition: editionId, reason });
    await this.notices.announce(mails);
  }
}
