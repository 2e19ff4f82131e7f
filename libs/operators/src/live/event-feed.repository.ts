import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** What happened: its name, and the id of what it is about. */
export interface FeedEvent {
  seq: number;
  publicationId: string;
  event: string;
  subject: string;
  at: Date;
}

/** Which events are kept. */
export interface FeedSpan {
  oldest: number;
  newest: number;
}

/** Spells "EVNT": whoever gives places in the feed holds this advisory lock. */
const PLACING_LOCK = 0x45564e54;

/** The feed of what happened, which all processes write and read. */
@Injectable()
export class EventFeedRepository {
  constructor(private readonly database: Database) {}

  /** Tells those who look on, when the transaction commits. Most is told by triggers; this is for what has no row of its own. */
  async announce(tx: Executor, event: Pick<FeedEvent, 'publicationId' | 'event' | 'subject'>): Promise<void> {
    await tx.execute(sql`
      INSERT INTO event_feed (publication_id, event, subject)
      VALUES (${event.publicationId}::uuid, ${event.event}, ${event.subject})`);
  }

  /** What happened after a place, in order. What was committed by now has its place afterwards. */
  async after(seq: number, limit: number): Promise<FeedEvent[]> {
    if (await this.hasNews()) await this.placeNews();
    const rows = await this.database.db.execute(sql`
      SELECT seq::float8 AS seq, publication_id AS "publicationId", event, subject, at FROM event_feed
      WHERE seq > ${seq}::bigint ORDER BY event_feed.seq LIMIT ${limit}::int`);
    return rowsOf<FeedEvent>(rows).map((row) => ({ ...row, at: new Date(row.at) }));
  }

  /** Zeros: nothing has happened yet. */
  async span(): Promise<FeedSpan> {
    if (await this.hasNews()) await this.placeNews();
    const [row] = rowsOf<FeedSpan>(
      await this.database.db.execute(sql`
      SELECT coalesce(min(seq), 0)::float8 AS oldest, coalesce(max(seq), 0)::float8 AS newest FROM event_feed`),
    );
    return row ?? { oldest: 0, newest: 0 };
  }

  /** Editions whose deliveries have moved since a place among what was counted of them. */
  async movedEditions(since: number): Promise<{ publicationId: string; editionId: string; at: number }[]> {
    return rowsOf(
      await this.database.db.execute(sql`
      SELECT e.publication_id AS "publicationId", e.id AS "editionId", max(d.id)::float8 AS at
      FROM edition_count_delta d JOIN edition e ON e.id = d.edition_id WHERE d.id > ${since}::bigint GROUP BY e.id`),
    );
  }

  /** Forgets what is an hour old; the last event stays, so that places go on from there. */
  async forgetOld(): Promise<void> {
    await this.database.db.execute(sql`
      DELETE FROM event_feed WHERE at < now() - interval '1 hour'
        AND (seq IS NULL OR seq < (SELECT max(seq) FROM event_feed))`);
  }

  private async hasNews(): Promise<boolean> {
    const rows = await this.database.db.execute(
      sql`SELECT 1 AS one FROM event_feed WHERE seq IS NULL LIMIT 1`,
    );
    return rowsOf(rows).length > 0;
  }

  /** One at a time: the lock is held until the places are committed, so all that get later ones come later. */
  private async placeNews(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.execute(sql`SELECT pg_advisory_xact_lock(${PLACING_LOCK}::int)`);
      await tx.execute(sql`
        UPDATE event_feed f SET seq = n.seq
        FROM (
          SELECT id, (SELECT coalesce(max(seq), 0) FROM event_feed) + row_number() OVER (ORDER BY id) AS seq
          FROM event_feed WHERE seq IS NULL) n
        WHERE f.id = n.id`);
    });
  }
}
