import { Injectable } from '@nestjs/common';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { digest, subscription } from '#database/schema/index.js';
import type { Choice } from '../choices/choices.js';

export interface SubscriptionView extends Choice {
  subscriberId: string;
  digestSlug: string;
  digestName: string;
}

/** Subscriptions: subscriber × digest. */
@Injectable()
export class SubscriptionRepository {
  /** Puts these choices in place of each subscriber's own. */
  async replace(tx: Executor, choices: Map<string, Choice[]>, now: Date): Promise<void> {
    if (choices.size === 0) return;
    await tx.delete(subscription).where(inArray(subscription.subscriberId, [...choices.keys()]));
    const rows = [...choices].flatMap(([subscriberId, list]) =>
      list.map((choice) => ({ subscriberId, ...choice, createdAt: now })),
    );
    if (rows.length > 0) await tx.insert(subscription).values(rows);
  }

  /** Adds a choice to what each has; who has one of that digest keeps it. @returns whose was added */
  async add(tx: Executor, choices: ReadonlyMap<string, Choice>, now: Date): Promise<string[]> {
    if (choices.size === 0) return [];
    const rows = await tx
      .insert(subscription)
      .values([...choices].map(([subscriberId, choice]) => ({ subscriberId, ...choice, createdAt: now })))
      .onConflictDoNothing()
      .returning({ id: subscription.subscriberId });
    return rows.map((row) => row.id);
  }

  /** Takes one digest from these subscribers. @returns what each had of it */
  async remove(
    tx: Executor,
    digestId: string,
    subscriberIds: readonly string[],
  ): Promise<Map<string, Choice>> {
    if (subscriberIds.length === 0) return new Map();
    const rows = await tx
      .delete(subscription)
      .where(and(eq(subscription.digestId, digestId), inArray(subscription.subscriberId, [...subscriberIds])))
      .returning();
    return new Map(rows.map(({ subscriberId, createdAt: _, ...choice }) => [subscriberId, choice]));
  }

  /**
   * The same for one subscriber, only if it may be done, and always with two statements: a sign-up must cost the same
   * whether or not the address is known.
   */
  async replaceIf(
    tx: Executor,
    allowed: boolean,
    subscriberId: string,
    choices: Choice[],
    now: Date,
  ): Promise<void> {
    await tx
      .delete(subscription)
      .where(and(eq(subscription.subscriberId, subscriberId), sql`${allowed}::boolean`));
    const rows = choices.map(({ digestId, pausedUntil, ...preferences }) => ({
      digest_id: digestId,
      paused_until: pausedUntil,
      ...preferences,
    }));
    await tx.execute(sql`
      INSERT INTO subscription (subscriber_id, digest_id, topics, cadence, weekday, hour, alerts, paused_until, created_at)
      SELECT ${subscriberId}::uuid, c.digest_id, c.topics, c.cadence, c.weekday, c.hour, c.alerts, c.paused_until,
        ${now.toISOString()}::timestamptz
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS c (digest_id uuid, topics uuid[], cadence text,
        weekday integer, hour integer, alerts boolean, paused_until date)
      WHERE ${allowed}::boolean`);
  }

  /**
   * Gives the default digests to a subscriber who follows the defaults and has none, with what they chose when there
   * was none: the first digest may have been made while their sign-up was on its way.
   */
  async giveDefaultsIfNone(tx: Executor, subscriberId: string, now: Date): Promise<void> {
    await tx.execute(sql`
      INSERT INTO subscription (subscriber_id, digest_id, topics, cadence, weekday, hour, alerts, created_at)
      SELECT s.id, d.id, w.topics, coalesce(w.cadence, 'every'), w.weekday, w.hour, coalesce(w.alerts, false),
        ${now.toISOString()}::timestamptz
      FROM subscriber s
      CROSS JOIN LATERAL jsonb_to_record(coalesce(s.first_wish, '{}'::jsonb))
        AS w (topics uuid[], cadence text, weekday integer, hour integer, alerts boolean)
      JOIN digest d ON d.publication_id = s.publication_id AND d.is_default AND d.archived_at IS NULL
      WHERE s.id = ${subscriberId}::uuid AND s.follows_defaults
        AND NOT EXISTS (SELECT 1 FROM subscription u WHERE u.subscriber_id = s.id)
      ON CONFLICT DO NOTHING`);
  }

  /**
   * Gives a digest to everybody who follows the defaults and has none yet, with what they chose when there was none.
   * Safe to repeat.
   */
  async giveToFollowers(tx: Executor, publicationId: string, digestId: string): Promise<void> {
    await tx.execute(sql`
      INSERT INTO subscription (subscriber_id, digest_id, topics, cadence, weekday, hour, alerts)
      SELECT s.id, ${digestId}::uuid, w.topics, coalesce(w.cadence, 'every'), w.weekday, w.hour, coalesce(w.alerts, false)
      FROM subscriber s
      CROSS JOIN LATERAL jsonb_to_record(coalesce(s.first_wish, '{}'::jsonb))
        AS w (topics uuid[], cadence text, weekday integer, hour integer, alerts boolean)
      WHERE s.publication_id = ${publicationId} AND s.follows_defaults AND s.status IN ('pending', 'active')
        AND NOT EXISTS (SELECT 1 FROM subscription u WHERE u.subscriber_id = s.id)
      ON CONFLICT DO NOTHING`);
  }

  /** Ends every subscription to a digest. */
  async endAllTo(tx: Executor, digestId: string): Promise<void> {
    await tx.delete(subscription).where(eq(subscription.digestId, digestId));
  }

  /** The subscriptions of these subscribers to digests that are not gone, by digest. */
  async of(db: Executor, subscriberIds: string[]): Promise<SubscriptionView[]> {
    if (subscriberIds.length === 0) return [];
    return db
      .select({
        subscriberId: subscription.subscriberId,
        digestId: subscription.digestId,
        digestSlug: digest.slug,
        digestName: digest.name,
        topics: subscription.topics,
        cadence: subscription.cadence,
        weekday: subscription.weekday,
        hour: subscription.hour,
        alerts: subscription.alerts,
        pausedUntil: subscription.pausedUntil,
      })
      .from(subscription)
      .innerJoin(digest, eq(digest.id, subscription.digestId))
      .where(inArray(subscription.subscriberId, subscriberIds))
      .orderBy(asc(subscription.subscriberId), asc(subscription.digestId));
  }

  /** The same, by subscriber. */
  async bySubscriber(db: Executor, subscriberIds: string[]): Promise<Map<string, SubscriptionView[]>> {
    const found = new Map<string, SubscriptionView[]>();
    for (const item of await this.of(db, subscriberIds)) {
      const list = found.get(item.subscriberId);
      if (list) list.push(item);
      else found.set(item.subscriberId, [item]);
    }
    return found;
  }

  /**
   * Takes a topic out of every choice, also of those that wait for a digest. A reader who had chosen only that
   * one gets nothing rather than everything.
   */
  async dropTopic(tx: Executor, topicId: string): Promise<void> {
    await tx
      .update(subscription)
      .set({ topics: sql`array_remove(${subscription.topics}, ${topicId}::uuid)` })
      .where(sql`${topicId}::uuid = ANY(${subscription.topics})`);
    await tx.execute(sql`
      UPDATE subscriber SET first_wish = jsonb_set(first_wish, '{topics}', (first_wish -> 'topics') - ${topicId}::text)
      WHERE first_wish -> 'topics' @> to_jsonb(${topicId}::text)`);
  }
}
