import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { EditionRepository } from '../model/edition.repository.js';
import { OperatorNotices } from './operator-notices.js';

/** Pauses that the service makes by itself: each has its reason, and is told to the operators in its own transaction. */
@Injectable()
export class EditionPauses {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionRepository,
    private readonly notices: OperatorNotices,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Pauses an edition that is being sent, in the caller's transaction.
   * @param reason for people; without addresses
   * @returns ids of the mails to be announced after the commit; null: it is not being sent, so nothing was done
   */
  async pause(tx: Executor, editionId: string, reason: string): Promise<string[] | null> {
    const now = this.clock.now();
    const row = await this.editions.transition(tx, editionId, 'stop', {
      statusReason: reason,
      pausedBy: { kind: 'service', name: null },
      updatedAt: now,
    });
    if (!row) return null;
    this.log.warn('edition paused', { edition: editionId, reason });
    const about = { digestId: row.digestId, reason, at: now.toISOString() };
    return this.notices.write(tx, 'edition-paused', row.publicationId, about, editionId);
  }

  /**
   * Stops an edition that cannot be prepared: for good or, if some have got it and others were to get it later, until it is
   * resumed.
   * @param reason for people; without addresses
   */
  async giveUp(editionId: string, reason: string): Promise<void> {
    const mailIds = await this.database.transaction(async (tx) => {
      const changes = { nextWaveAt: null, statusReason: reason, updatedAt: this.clock.now() };
      if (await this.editions.transition(tx, editionId, 'fail', changes)) return null;
      const edition = await this.editions.lockById(tx, editionId);
      const waits = edition?.status === 'sending' && edition.nextWaveAt !== null;
      return waits ? this.pause(tx, editionId, reason) : null;
    });
    await this.notices.announce(mailIds ?? []);
  }

  /** As {@link pause}, in a transaction of its own. @returns whether it was being sent */
  async pauseNow(editionId: string, reason: string): Promise<boolean> {
    const mailIds = await this.database.transaction((tx) => this.pause(tx, editionId, reason));
    await this.notices.announce(mailIds ?? []);
    return mailIds !== null;
  }
}
