import { Injectable } from '@nestjs/common';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { insertMany } from '#database/insert-many.js';
import { rowsOf } from '#database/rows.js';
import { subscriber, type SubscriberStatus } from '#database/schema/index.js';
import type { Subscriber } from '../subscribers/reader.repository.js';

/** Subscribers by the batch. */
@Injectable()
export class ImportRepository {
  constructor(private readonly database: Database) {}

  /** What those of these addresses that are here are, by address. */
  async statuses(publicationId: string, normalised: string[]): Promise<Map<string, SubscriberStatus>> {
    if (normalised.length === 0) return new Map();
    const rows = await this.database.db
      .select({ email: subscriber.emailNormalised, status: subscriber.status })
      .from(subscriber)
      .where(
        and(eq(subscriber.publicationId, publicationId), inArray(subscriber.emailNormalised, normalised)),
      );
    return new Map(rows.map(({ email, status }) => [email, status]));
  }

  /** Adds those whose address is not there yet. @returns the ids that were added */
  async insertNew(tx: Executor, rows: Subscriber[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const made = await insertMany(
      tx,
      subscriber,
      rows,
      sql`ON CONFLICT (publication_id, email_normalised) DO NOTHING RETURNING id`,
    );
    return new Set(rowsOf<{ id: string }>(made).map((row) => row.id));
  }

  /** Locks the subscribers with these addresses, in the order of their ids so that two imports cannot deadlock. */
  async lockByAddress(
    tx: Executor,
    publicationId: string,
    normalised: string[],
  ): Promise<Map<string, Subscriber>> {
    if (normalised.length === 0) return new Map();
    const rows = await tx
      .select()
      .from(subscriber)
      .where(
        and(eq(subscriber.publicationId, publicationId), inArray(subscriber.emailNormalised, normalised)),
      )
      .orderBy(asc(subscriber.id))
      .for('update');
    return new Map(rows.map((row) => [row.emailNormalised, row]));
  }

  /** Writes changed rows back in one statement. */
  async update(tx: Executor, rows: Subscriber[]): Promise<void> {
    if (rows.length === 0) return;
    const changes = rows.map((row) => ({
      id: row.id,
      name: row.name,
      locale: row.locale,
      time_zone: row.timeZone,
      attributes: row.attributes,
      status: row.status,
      follows_defaults: row.followsDefaults,
      first_wish: row.firstWish,
      confirmed_at: row.confirmedAt,
      updated_at: row.updatedAt,
    }));
    await tx.execute(sql`
      UPDATE subscriber s SET name = c.name, locale = c.locale, time_zone = c.time_zone, attributes = c.attributes,
        status = c.status, follows_defaults = c.follows_defaults, first_wish = c.first_wish,
        confirmed_at = c.confirmed_at, updated_at = c.updated_at
      FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS c (id uuid, name text, locale text,
        time_zone text, attributes jsonb, status text, follows_defaults boolean, first_wish jsonb,
        confirmed_at timestamptz, updated_at timestamptz)
      WHERE s.id = c.id`);
  }
}
