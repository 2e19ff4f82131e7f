import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** An edition that something is the matter with. Times are RFC 3339. */
export interface TroubledEdition {
  id: string;
  digestId: string;
  name: string;
  reason: string | null;
  since: string;
}

export interface LateEdition extends Omit<TroubledEdition, 'reason'> {
  /** It should have begun by `due`; or should end by it. */
  phase: 'start' | 'finish';
  due: string;
  predictedFinishAt: string | null;
}

export interface BlockingDomain {
  domain: string;
  rests: number;
  refused: number;
  of: number;
  since: string | null;
  restingUntil: string | null;
  reason: string | null;
}

/** How often mail was complained of, or its address was dead. `accepted` and `failed` are the messages' outcomes. */
export interface Counts {
  complaints: number;
  bounces: number;
  accepted: number;
  failed: number;
}

export interface Broken {
  id: string;
  name: string;
  reason: string | null;
  since: string | null;
}

/** RFC 3339 in SQL: raw queries give times as each driver likes. */
const rfc3339 = (at: SQL) => sql`to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Accepted and failed messages of some editions, with what is not folded in yet. */
const outcomes = (which: SQL) => sql`
  SELECT n.edition_id, n.accepted, n.failed FROM edition_number n WHERE ${which}
  UNION ALL SELECT n.edition_id, n.accepted, n.failed FROM edition_number_delta n WHERE ${which}`;

/** A reader who complains twice is one; an event without a reader counts by itself. */
const people = sql`DISTINCT coalesce(f.subscriber_id, f.id)`;
/** What the dialogue said has no class, and is only noted when the address is dead. */
const isHardBounce = sql`f.type = 'bounce' AND coalesce(f.class, 'hard') = 'hard'`;

/** How things stand that alarms are about. Reads only. */
@Injectable()
export class WorldRepository {
  constructor(private readonly database: Database) {}

  private async rows<T>(query: SQL): Promise<T[]> {
    return rowsOf<T>(await this.database.db.execute(query));
  }

  /** Editions that the service has paused. */
  paused(publicationId: string): Promise<TroubledEdition[]> {
    return this.editions(publicationId, sql`e.status = 'paused' AND e.paused_by->>'kind' = 'service'`);
  }

  /** Editions that failed since an instant. */
  failed(publicationId: string, since: Date): Promise<TroubledEdition[]> {
    return this.editions(
      publicationId,
      sql`e.status = 'failed' AND e.updated_at > ${since.toISOString()}::timestamptz`,
    );
  }

  private editions(publicationId: string, which: SQL): Promise<TroubledEdition[]> {
    return this.rows(sql`
      SELECT e.id, e.digest_id AS "digestId", d.name, e.status_reason AS reason, ${rfc3339(sql`e.updated_at`)} AS since
      FROM edition e JOIN digest d ON d.id = e.digest_id WHERE e.publication_id = ${publicationId} AND ${which}`);
  }

  /** Editions that will miss their deadline, or were to begin before an instant and have not. */
  late(publicationId: string, begunBy: Date): Promise<LateEdition[]> {
    const by = sql`${begunBy.toISOString()}::timestamptz`;
    const beginning = sql`CASE e.status
      WHEN 'scheduled' THEN coalesce(e.next_wave_at, e.send_at)
      WHEN 'preparing' THEN coalesce(e.next_wave_at, e.started_at, e.send_at)
      WHEN 'sending' THEN e.next_wave_at END`;
    const its = sql`e.id, e.digest_id AS "digestId", d.name, ${rfc3339(sql`e.predicted_finish_at`)} AS "predictedFinishAt"`;
    const from = sql`FROM edition e JOIN digest d ON d.id = e.digest_id WHERE e.publication_id = ${publicationId}`;
    return this.rows(sql`
      SELECT ${its}, 'finish' AS phase, ${rfc3339(sql`e.deadline`)} AS due, ${rfc3339(sql`e.late_since`)} AS since ${from}
        AND e.late_since IS NOT NULL AND e.deadline IS NOT NULL AND e.status IN ('scheduled', 'preparing', 'sending', 'paused')
      UNION ALL
      SELECT ${its}, 'start', ${rfc3339(beginning)}, ${rfc3339(beginning)} ${from}
        AND e.status IN ('scheduled', 'preparing', 'sending') AND ${beginning} < ${by}
        AND (e.late_since IS NULL OR e.deadline IS NULL)`);
  }

  /** Recipient domains that refuse us for policy, with the last words of one, as the operators were told. */
  blocking(): Promise<BlockingDomain[]> {
    return this.rows(sql`
      SELECT s.domain, s.rests, length(replace(s.recent, '0', '')) AS refused, length(s.recent) AS of,
        ${rfc3339(sql`s.resting_since`)} AS since, ${rfc3339(sql`s.resting_until`)} AS "restingUntil",
        (SELECT m.payload->>'reason' FROM outbox_mail m
          WHERE m.kind = 'domain-rested' AND m.subscriber_id IS NULL AND m.payload->>'domain' = s.domain
          ORDER BY m.created_at DESC LIMIT 1) AS reason
      FROM recipient_standing s WHERE s.rests > 0`);
  }

  /** Of everything since an instant. */
  async totals(publicationId: string, since: Date): Promise<Counts> {
    const at = sql`${since.toISOString()}::timestamptz`;
    const [row] = await this.rows<Counts>(sql`
      SELECT f.complaints, f.bounces, o.accepted, o.failed FROM
        (SELECT count(${people}) FILTER (WHERE f.type = 'complaint')::int AS complaints,
          count(${people}) FILTER (WHERE ${isHardBounce})::int AS bounces
          FROM feedback_event f
          WHERE f.publication_id = ${publicationId} AND f.type IN ('complaint', 'bounce') AND f.at > ${at}) f,
        (SELECT coalesce(sum(n.accepted), 0)::float8 AS accepted, coalesce(sum(n.failed), 0)::float8 AS failed
          FROM (${outcomes(sql`n.hour > ${at}`)}) n JOIN edition e ON e.id = n.edition_id
          WHERE e.publication_id = ${publicationId}) o`);
    return row as Counts;
  }

  /** Of each edition that was complained of, or bounced, since an instant: all of its counts. */
  ofEditions(
    publicationId: string,
    since: Date,
  ): Promise<(Counts & { id: string; digestId: string; name: string })[]> {
    return this.rows(sql`
      WITH lately AS (
        SELECT DISTINCT edition_id FROM feedback_event
        WHERE publication_id = ${publicationId} AND type IN ('complaint', 'bounce') AND at > ${since.toISOString()}::timestamptz
          AND edition_id IS NOT NULL
      ), feedback AS (
        SELECT f.edition_id, count(${people}) FILTER (WHERE f.type = 'complaint')::int AS complaints,
          count(${people}) FILTER (WHERE ${isHardBounce})::int AS bounces
        FROM feedback_event f JOIN lately l ON l.edition_id = f.edition_id
        WHERE f.type IN ('complaint', 'bounce') GROUP BY f.edition_id
      ), sent AS (
        SELECT n.edition_id, sum(n.accepted)::float8 AS accepted, sum(n.failed)::float8 AS failed
        FROM (${outcomes(sql`n.edition_id IN (SELECT edition_id FROM lately)`)}) n GROUP BY n.edition_id
      )
      SELECT e.id, e.digest_id AS "digestId", d.name, f.complaints, f.bounces,
        coalesce(s.accepted, 0) AS accepted, coalesce(s.failed, 0) AS failed
      FROM feedback f JOIN edition e ON e.id = f.edition_id JOIN digest d ON d.id = e.digest_id
        LEFT JOIN sent s ON s.edition_id = e.id`);
  }

  /** Feeds that failed so often in a row, or failed and were last read before an instant. */
  brokenFeeds(publicationId: string, failures: number, readBefore: Date): Promise<Broken[]> {
    return this.rows(sql`
      SELECT id, name, last_error AS reason, ${rfc3339(sql`succeeded_at`)} AS since FROM feed
      WHERE publication_id = ${publicationId} AND enabled AND failures > 0
        AND (failures >= ${failures}::int OR coalesce(succeeded_at, created_at) < ${readBefore.toISOString()}::timestamptz)`);
  }

  /** Transports that rest now, and have since an instant or will for as long. */
  restingTransports(
    publicationId: string,
    now: Date,
    forMs: number,
  ): Promise<(Broken & { until: string })[]> {
    const at = sql`${now.toISOString()}::timestamptz`;
    const long = sql`${forMs}::float8 * interval '1 millisecond'`;
    return this.rows(sql`
      SELECT id, name, last_error AS reason, ${rfc3339(sql`last_error_at`)} AS since, ${rfc3339(sql`resting_until`)} AS until
      FROM transport
      WHERE publication_id = ${publicationId} AND enabled AND resting_until > ${at}
        AND (coalesce(last_error_at, updated_at) <= ${at} - ${long} OR resting_until > ${at} + ${long})`);
  }

  /** Ways in that have been broken since before an instant. */
  brokenWaysIn(since: Date): Promise<Broken[]> {
    return this.rows(sql`
      SELECT name AS id, name, problem AS reason, ${rfc3339(sql`since`)} AS since FROM way_in
      WHERE NOT is_well AND since < ${since.toISOString()}::timestamptz`);
  }
}
