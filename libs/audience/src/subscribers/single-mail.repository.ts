import { Injectable } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { subscriber, type OutboxKind } from '#database/schema/index.js';
import { mailsSince, OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { stopDeliveries } from '#queue/outbox/stop-deliveries.js';

/** Mail that waits for one reader: counting it, and stopping it. */
@Injectable()
export class SingleMailRepository {
  constructor(private readonly outbox: OutboxRepository) {}

  /** Locks the subscriber, so that two requests cannot both be the last one allowed, and counts its mails. */
  async lockAndCount(
    tx: Executor,
    subscriberId: string,
    kinds: readonly OutboxKind[],
    since: Date,
  ): Promise<number> {
    const [row] = await tx
      .select({ mails: mailsSince(tx, subscriber.id, kinds, since) })
      .from(subscriber)
      .where(eq(subscriber.id, subscriberId))
      .for('update');
    return row?.mails ?? 0;
  }

  /**
   * Stops every message to these subscribers that no worker has claimed: queued deliveries and queued single mails.
   * @param except kinds of single mail that still go out
   */
  async stop(
    tx: Executor,
    subscriberIds: string[],
    now: Date,
    except: readonly OutboxKind[] = [],
  ): Promise<void> {
    if (subscriberIds.length === 0) return;
    await stopDeliveries(tx, { subscriberIds }, now);
    await this.outbox.stop(tx, subscriberIds, now, except);
  }

  /** Takes what could name a person out of the single mails that were written for a subscriber. */
  async blank(tx: Executor, subscriberId: string, now: Date): Promise<void> {
    await this.outbox.blank(tx, subscriberId, now);
  }
}
