import { Injectable } from '@nestjs/common';
import { and, eq, gt, inArray, ne, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { delivery, outboxMail, subscriber, type OutboxKind } from '#database/schema/index.js';

/**
 * How many mails of these kinds a subscriber was sent since then: a column for a query on `subscriber`. The ones that
 * were held back do not count.
 */
export function recentMails(db: Executor, kinds: readonly OutboxKind[], since: Date): SQL<number> {
  return sql<number>`(${db
    .select({ n: sql<number>`count(*)::int` })
    .from(outboxMail)
    .where(
      and(
        eq(outboxMail.subscriberId, subscriber.id),
        inArray(outboxMail.kind, [...kinds]),
        ne(outboxMail.status, 'suppressed'),
        gt(outboxMail.createdAt, since),
      ),
    )})`;
}

/** Mail that waits for one reader: counting it, and stopping it. */
@Injectable()
export class SingleMailRepository {
  /** Locks the subscriber, so that two requests cannot both be the last one allowed, and counts its mails. */
  async lockAndCount(
    tx: Executor,
    subscriberId: string,
    kinds: readonly OutboxKind[],
    since: Date,
  ): Promise<number> {
    const [row] = await tx
      .select({ mails: recentMails(tx, kinds, since) })
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
    await tx
      .update(delivery)
      .set({ status: 'suppressed', updatedAt: now })
      .where(and(inArray(delivery.subscriberId, subscriberIds), eq(delivery.status, 'queued')));
    await tx
      .update(outboxMail)
      .set({ status: 'suppressed', updatedAt: now })
      .where(
        and(
          inArray(outboxMail.subscriberId, subscriberIds),
          eq(outboxMail.status, 'queued'),
          ...except.map((kind) => ne(outboxMail.kind, kind)),
        ),
      );
  }

  /** Takes what could name a person out of the single mails that were written for a subscriber. */
  async blank(tx: Executor, subscriberId: string, now: Date): Promise<void> {
    await tx
      .update(outboxMail)
      .set({ address: null, payload: {}, updatedAt: now })
      .where(eq(outboxMail.subscriberId, subscriberId));
  }
}
