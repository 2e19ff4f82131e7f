import { Injectable } from '@nestjs/common';
import { and, eq, gt, inArray, ne, sql, type AnyColumn, type SQL } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { outboxMail, type DeliveryStatus, type OutboxKind } from '#database/schema/index.js';

/** A mail under a lease. */
export interface ClaimedMail {
  id: string;
  kind: OutboxKind;
  subscriberId: string | null;
  /** Of someone who is no subscriber. */
  address: string | null;
  editionId: string | null;
  payload: Record<string, unknown>;
  attempts: number;
  expiresAt: Date;
}

/** How one try to send a mail leaves its row. */
export interface MailOutcome {
  status: Exclude<DeliveryStatus, 'claimed'>;
  /** For `queued`: when to try again. */
  dueAt?: Date;
  /** Counts as a try. */
  tried: boolean;
  /** Its process died while it was on the wire. */
  inDoubt?: boolean;
  code: number | null;
  /** The server's words, addresses taken out. */
  reply: string;
}

/**
 * How many mails of these kinds a reader was sent since then: a column for a query on `subscriber`. The ones that were
 * held back do not count.
 * @param subscriberId the column that says who
 */
export function mailsSince(
  db: Executor,
  subscriberId: AnyColumn,
  kinds: readonly OutboxKind[],
  since: Date,
): SQL<number> {
  return sql<number>`(${db
    .select({ n: sql<number>`count(*)::int` })
    .from(outboxMail)
    .where(
      and(
        eq(outboxMail.subscriberId, subscriberId),
        inArray(outboxMail.kind, [...kinds]),
        ne(outboxMail.status, 'suppressed'),
        gt(outboxMail.createdAt, since),
      ),
    )})`;
}

/** The rows of single mails: nobody else writes them. They are few: one statement each is enough. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Executor, row: typeof outboxMail.$inferInsert): Promise<void> {
    await tx.insert(outboxMail).values(row);
  }

  /**
   * Stops every mail to these subscribers that no worker has claimed.
   * @param except kinds that still go out
   */
  async stop(
    tx: Executor,
    subscriberIds: readonly string[],
    now: Date,
    except: readonly OutboxKind[] = [],
  ): Promise<void> {
    await tx
      .update(outboxMail)
      .set({ status: 'suppressed', updatedAt: now })
      .where(
        and(
          inArray(outboxMail.subscriberId, [...subscriberIds]),
          eq(outboxMail.status, 'queued'),
          ...except.map((kind) => ne(outboxMail.kind, kind)),
        ),
      );
  }

  /** Takes what could name a person out of the mails that were written for a subscriber. */
  async blank(tx: Executor, subscriberId: string, now: Date): Promise<void> {
    await tx
      .update(outboxMail)
      .set({ address: null, payload: {}, updatedAt: now })
      .where(eq(outboxMail.subscriberId, subscriberId));
  }

  /** Claims one mail that is due, or returns undefined when it is not there to be sent. */
  async claim(mailId: string, token: string, leaseMs: number, now: Date): Promise<ClaimedMail | undefined> {
    const claimed = await this.database.db.execute(sql`
      UPDATE outbox_mail m SET status = 'claimed', lease_token = ${token}::uuid, updated_at = now(),
        lease_until = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      WHERE m.id = ${mailId} AND m.status = 'queued' AND m.due_at <= ${now.toISOString()}::timestamptz
        AND m.expires_at > ${now.toISOString()}::timestamptz
      RETURNING m.id, m.kind, m.subscriber_id AS "subscriberId", m.edition_id AS "editionId", m.payload, m.attempts,
        m.expires_at AS "expiresAt", m.address`);
    const row = rowsOf<ClaimedMail & { expiresAt: string | Date }>(claimed)[0];
    return row && { ...row, expiresAt: new Date(row.expiresAt) };
  }

  /** Writes the outcome where the token still holds the mail. */
  async record(mailId: string, token: string, outcome: MailOutcome): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE outbox_mail SET status = ${outcome.status}, due_at = coalesce(${outcome.dueAt?.toISOString() ?? null}::timestamptz, due_at),
        attempts = attempts + ${outcome.tried ? 1 : 0}::int, in_doubt = in_doubt OR ${outcome.inDoubt ?? false}::boolean, smtp_code = ${outcome.code}::int, smtp_reply = left(${outcome.reply}::text, 500),
        lease_token = NULL, lease_until = NULL, updated_at = now()
      WHERE id = ${mailId} AND status = 'claimed' AND lease_token = ${token}::uuid`);
  }

  /** Extends the lease. @returns whether the mail is still ours */
  async renewLease(mailId: string, token: string, leaseMs: number): Promise<boolean> {
    const result = await this.database.db.execute(sql`
      UPDATE outbox_mail SET lease_until = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      WHERE id = ${mailId} AND status = 'claimed' AND lease_token = ${token}::uuid AND lease_until > clock_timestamp()
      RETURNING 1 AS one`);
    return rowsOf(result).length > 0;
  }

  /** Puts a mail that was not begun back to the queue. */
  async release(mailId: string, token: string): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE outbox_mail SET status = 'queued', lease_token = NULL, lease_until = NULL, updated_at = now()
      WHERE id = ${mailId} AND status = 'claimed' AND lease_token = ${token}::uuid`);
  }

  /**
   * Mails whose lease ran out, because their process died or froze.
   * @param all true when no other process can be alive (embedded, at boot): every claim is a dead one's
   */
  async findExpiredLeases(limit: number, all = false): Promise<{ mailId: string; token: string }[]> {
    const result = await this.database.db.execute(sql`
      SELECT id AS "mailId", lease_token AS token FROM outbox_mail
      WHERE status = 'claimed' AND (${all}::boolean OR lease_until < clock_timestamp()) LIMIT ${limit}`);
    return rowsOf(result);
  }

  /** Gives up mails whose time is over. */
  async expire(now: Date): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE outbox_mail SET status = 'expired', updated_at = now()
      WHERE status = 'queued' AND expires_at <= ${now.toISOString()}::timestamptz`);
  }

  /** Mails due by an instant, oldest first. */
  async findDue(dueBy: Date, limit: number): Promise<string[]> {
    const result = await this.database.db.execute(sql`
      SELECT id FROM outbox_mail WHERE status = 'queued' AND due_at <= ${dueBy.toISOString()}::timestamptz
      ORDER BY due_at LIMIT ${limit}`);
    return rowsOf<{ id: string }>(result).map((row) => row.id);
  }
}
