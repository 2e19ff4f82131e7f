import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { isNotSuppressed } from '#audience/subscribers/mailable.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { OutboxKind } from '#database/schema/index.js';
import type { Outcome } from '../outcomes/outcome.js';

export interface ClaimedMail {
  id: string;
  kind: OutboxKind;
  subscriberId: string | null;
  editionId: string | null;
  payload: Record<string, unknown>;
  attempts: number;
  expiresAt: Date;
  /** Whom to write to; null when the subscriber is gone or must not be mailed. */
  email: string | null;
  name: string | null;
  locale: string | null;
}

/** The SQL of single mails. They are few: one statement each is enough. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly database: Database) {}

  /** Claims one mail that is due, or returns undefined when it is not there to be sent. */
  async claim(mailId: string, token: string, leaseMs: number, now: Date): Promise<ClaimedMail | undefined> {
    const claimed = await this.database.db.execute(sql`
      UPDATE outbox_mail m SET status = 'claimed', lease_token = ${token}::uuid, updated_at = now(),
        lease_until = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      WHERE m.id = ${mailId} AND m.status = 'queued' AND m.due_at <= ${now.toISOString()}::timestamptz
        AND m.expires_at > ${now.toISOString()}::timestamptz
      RETURNING m.id, m.kind, m.subscriber_id AS "subscriberId", m.edition_id AS "editionId", m.payload, m.attempts,
        m.expires_at AS "expiresAt", m.address`);
    const row = rowsOf<ClaimedMail & { address: string | null; expiresAt: string | Date }>(claimed)[0];
    if (!row) return undefined;
    const reader = row.subscriberId ? await this.mailableReader(row.subscriberId) : undefined;
    return {
      ...row,
      expiresAt: new Date(row.expiresAt),
      email: row.subscriberId ? (reader?.email ?? null) : row.address,
      name: reader?.name ?? null,
      locale: reader?.locale ?? null,
    };
  }

  private async mailableReader(
    id: string,
  ): Promise<{ email: string; name: string | null; locale: string } | undefined> {
    const result = await this.database.db.execute(sql`
      SELECT s.email, s.name, s.locale FROM subscriber s WHERE s.id = ${id} AND ${isNotSuppressed}`);
    return rowsOf<{ email: string; name: string | null; locale: string }>(result)[0];
  }

  /** Names of the digests a reader asked for. */
  async digestNames(subscriberId: string): Promise<string[]> {
    const result = await this.database.db.execute(sql`
      SELECT d.name FROM subscription u JOIN digest d ON d.id = u.digest_id
      WHERE u.subscriber_id = ${subscriberId} AND d.archived_at IS NULL ORDER BY d.id`);
    return rowsOf<{ name: string }>(result).map((row) => row.name);
  }

  /** Writes the outcome where the token still holds the mail. */
  async record(mailId: string, token: string, outcome: Outcome): Promise<void> {
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
