import { Injectable } from '@nestjs/common';
import { and, eq, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { subscriber, suppression, type FirstWish, type SubscriberStatus } from '#database/schema/index.js';
import { mailsSince } from '#queue/outbox/outbox.repository.js';

export interface SignUpRow {
  id: string;
  publicationId: string;
  email: string;
  emailNormalised: string;
  addressHmac: Buffer;
  name: string | null;
  locale: string;
  /** By which form. */
  source: string;
  timeZone: string | null;
  followsDefaults: boolean;
  firstWish: FirstWish | null;
  now: Date;
}

/** The statements of a sign-up. Each runs in every case, so that known, unknown and suppressed addresses cost alike. */
@Injectable()
export class SignUpRepository {
  /**
   * Writes the subscriber as pending, or finds and locks the one with that address without changing it. Two sign-ups
   * of one address wait for each other here.
   */
  async insertOrLock(tx: Executor, row: SignUpRow): Promise<{ id: string; status: SubscriberStatus }> {
    const { now, ...values } = row;
    const [found] = await tx
      .insert(subscriber)
      .values({ ...values, status: 'pending', createdAt: now, updatedAt: now })
      .onConflictDoUpdate({
        target: [subscriber.publicationId, subscriber.emailNormalised],
        set: { emailNormalised: row.emailNormalised },
      })
      .returning({ id: subscriber.id, status: subscriber.status });
    if (!found) throw new Error('The upsert of a subscriber returned no row.');
    return found;
  }

  /** Whether the address is suppressed, and how many mails sign-ups have sent it since then. */
  async standing(
    tx: Executor,
    row: { subscriberId: string; publicationId: string; addressHmac: Buffer; since: Date },
  ): Promise<{ suppressed: boolean; mails: number }> {
    const suppressed = sql<boolean>`EXISTS (${tx
      .select({ one: sql`1` })
      .from(suppression)
      .where(
        and(eq(suppression.publicationId, row.publicationId), eq(suppression.addressHmac, row.addressHmac)),
      )})`;
    const [found] = await tx
      .select({ suppressed, mails: mailsSince(tx, subscriber.id, SIGN_UP_MAILS, row.since) })
      .from(subscriber)
      .where(eq(subscriber.id, row.subscriberId));
    return found ?? { suppressed: true, mails: 0 };
  }

  /** Takes over what the sign-up asked for, if it may. */
  async applyIf(tx: Executor, allowed: boolean, id: string, row: SignUpRow): Promise<void> {
    const ifAllowed = <T>(value: T, column: unknown) =>
      sql`CASE WHEN ${allowed}::boolean THEN ${value} ELSE ${column} END`;
    const { now, name, locale, timeZone, followsDefaults } = row;
    const firstWish = row.firstWish && JSON.stringify(row.firstWish);
    await tx
      .update(subscriber)
      .set({
        status: ifAllowed(sql`'pending'`, subscriber.status),
        // Whoever comes anew agrees to being measured anew, or not.
        measuredSince: ifAllowed(sql`NULL::timestamptz`, subscriber.measuredSince),
        name: ifAllowed(sql`coalesce(${name}::text, ${subscriber.name})`, subscriber.name),
        locale: ifAllowed(sql`${locale}::text`, subscriber.locale),
        timeZone: ifAllowed(sql`coalesce(${timeZone}::text, ${subscriber.timeZone})`, subscriber.timeZone),
        followsDefaults: ifAllowed(sql`${followsDefaults}::boolean`, subscriber.followsDefaults),
        firstWish: ifAllowed(sql`${firstWish}::jsonb`, subscriber.firstWish),
        updatedAt: ifAllowed(sql`${now.toISOString()}::timestamptz`, subscriber.updatedAt),
      })
      .where(eq(subscriber.id, id));
  }
}

/** The mails a stranger can cause by typing an address. */
export const SIGN_UP_MAILS = ['confirmation', 'already-subscribed'] as const;
