import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { addArticleCounts, countInArticles, type CountedAt } from '#audience/numbers/count-in-articles.js';
import { countInEditions } from '#audience/numbers/count-in-editions.js';
import { isMeasured } from '#audience/measurement/is-measured.js';
import { fullHour } from '#audience/numbers/full-hour.js';
import { wantsDigest } from '#audience/subscribers/mailable.js';
import { recordBounces, SOFT_BOUNCES, type Bounce } from '#audience/suppression/bounces.js';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { EditionKind } from '#database/schema/index.js';
import { moveEdition } from '#digest/model/edition-states.js';
import { withheldArticles } from '#digest/recall/recall.repository.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { countedInArticles } from '../outcomes/count-outcomes.js';
import type { Outcome } from '../outcomes/outcome.js';
import { countReplies } from '../counts/count-replies.repository.js';
import { replyWords } from '../outcomes/reply-words.js';
import { classifyReply } from '../replies/classify-reply.js';
import type { Batch } from './batch-jobs.js';

/** A row this process holds under a lease, with what its message needs. */
export interface ClaimedDelivery {
  subscriberId: string;
  variantId: string;
  email: string;
  name: string | null;
  attempts: number;
  /** They agreed to be measured, and the publication does it. */
  measured: boolean;
}

/** How long breaking news goes before all else, from its start. */
const OVERTAKES_MS = 15 * 60_000;

/** A row that is done with for now. */
export interface EndedDelivery {
  /** The subscriber's. */
  id: string;
  outcome: Outcome;
  /** What is in its mail; left out: it is looked up where it is to be counted. */
  articleIds?: readonly string[];
}

/** What a claim must not begin any more. */
export interface StoppedRows {
  editionStopped: boolean;
  /** Who has left. */
  subscriberIds: string[];
  /** Who is to get less than was claimed for them. */
  recalledIds: string[];
  /** Who does not agree to be measured any more. */
  unmeasuredIds: string[];
}

/** Whether the reader of a ledger row `d` of an edition `e` may still be mailed and still wants its digest. */
const isWanted = sql`EXISTS (
  SELECT 1 FROM subscriber s WHERE s.id = d.subscriber_id AND ${wantsDigest(sql`e.digest_id`)})`;

/**
 * How what has become of rows is counted, which are called `c`: each try that did not end it as deferred, though it was the last one
 * and the row is given up. `count-outcomes.ts` does the same in memory.
 */
const OUTCOME_NUMBERS = {
  accepted: sql`c.status = 'accepted'`,
  deferred: sql`c.tried AND c.status IN ('queued', 'expired')`,
  failed: sql`c.status IN ('failed', 'expired')`,
};
/** Of the edition: also how many of its readers have agreed to be measured. */
const OUTCOME_COLUMNS = {
  ...OUTCOME_NUMBERS,
  measured: sql`c.status = 'accepted' AND s.measured_since IS NOT NULL`,
};

/** When the last wave of an edition `e` was frozen: from then on its messages are tried. */
const lastFrozenAt = sql`coalesce((SELECT max(frozen_at) FROM edition_wave WHERE edition_id = e.id), e.started_at)`;

/**
 * The ledger's SQL: claims and outcomes cost one statement a chunk.
 *
 * Of an edition that has just been frozen PostgreSQL's statistics know no row. Where a list is joined with the ledger, the
 * ledger's rows are therefore found by the list (`d.edition_id = list.edition_id`, `OFFSET 0`) and not by the edition's id: else the
 * planner takes "the edition's one row" first, and compares each of its thousands with the whole list.
 */
@Injectable()
export class DeliveryRepository {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  private async rows<T>(query: SQL, on: Executor = this.database.db): Promise<T[]> {
    return rowsOf<T>(await on.execute(query));
  }

  /**
   * Claims due rows of a batch for this token and closes those that must not be mailed any more (left, suppressed or
   * erased meanwhile). Only while the edition is sending. Leases run on the database's clock.
   */
  async claimDue(
    editionId: string,
    batch: number,
    limit: number,
    token: string,
    leaseMs: number,
    now: Date,
  ): Promise<ClaimedDelivery[]> {
    for (;;) {
      const rows = await this.rows<ClaimedDelivery & { mailable: boolean }>(sql`
        WITH due AS (
          SELECT q.edition_id, q.subscriber_id FROM delivery q JOIN edition e ON e.id = q.edition_id AND e.status = 'sending'
          WHERE q.edition_id = ${editionId} AND q.batch = ${batch} AND q.status = 'queued' AND q.due_at <= ${now.toISOString()}::timestamptz
          ORDER BY q.due_at LIMIT ${limit} FOR UPDATE OF q SKIP LOCKED),
        reader AS MATERIALIZED (
          SELECT due.edition_id, due.subscriber_id, s.email, s.name,
            ${wantsDigest(sql`(SELECT digest_id FROM edition WHERE id = ${editionId})`)} AS mailable, ${isMeasured} AS measured
          FROM due LEFT JOIN subscriber s ON s.id = due.subscriber_id)
        UPDATE delivery d SET updated_at = now(),
          status = CASE WHEN r.mailable THEN 'claimed' ELSE 'suppressed' END,
          lease_token = CASE WHEN r.mailable THEN ${token}::uuid END,
          lease_until = CASE WHEN r.mailable THEN clock_timestamp() + ${leaseMs}::int * interval '1 millisecond' END
        FROM reader r WHERE d.edition_id = r.edition_id AND d.subscriber_id = r.subscriber_id
        RETURNING d.subscriber_id AS "subscriberId", d.variant_id AS "variantId", r.email, r.name, d.attempts,
          coalesce(r.mailable, false) AS mailable, coalesce(r.measured, false) AS measured`);
      const mailable = rows.filter((row) => row.mailable);
      if (mailable.length > 0 || rows.length === 0) return mailable;
    }
  }

  /** How many rows of a batch {@link claimDue} would find, counted up to a limit. */
  async countDue(editionId: string, batch: number, limit: number, now: Date): Promise<number> {
    const [row] = await this.rows<{ n: number }>(sql`
      SELECT count(*)::int AS n FROM (
        SELECT 1 FROM delivery q JOIN edition e ON e.id = q.edition_id AND e.status = 'sending'
        WHERE q.edition_id = ${editionId} AND q.batch = ${batch} AND q.status = 'queued'
          AND q.due_at <= ${now.toISOString()}::timestamptz LIMIT ${limit}) due`);
    return row?.n ?? 0;
  }

  /** Puts off the due rows of a batch whose readers are at domains that are to be left alone. */
  async postpone(
    editionId: string,
    batch: number,
    domains: readonly { domain: string; until: Date }[],
  ): Promise<void> {
    const rested = JSON.stringify(
      domains.map(({ domain, until }) => ({ domain, until: until.toISOString() })),
    );
    await this.database.db.execute(sql`
      UPDATE delivery d SET due_at = r.until, updated_at = now()
      FROM subscriber s, jsonb_to_recordset(${rested}::jsonb) AS r(domain text, until timestamptz)
      WHERE d.edition_id = ${editionId} AND d.batch = ${batch} AND d.status = 'queued' AND d.due_at < r.until
        AND s.id = d.subscriber_id AND split_part(s.email_normalised, '@', 2) = r.domain`);
  }

  /**
   * Extends the lease, and with it the claim's allowance for recipient domains.
   * @returns whether any row is still ours
   */
  async renewLease(editionId: string, token: string, leaseMs: number): Promise<boolean> {
    const rows = await this.rows(sql`
      WITH permits AS (
        UPDATE domain_slot SET until = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
        WHERE holder = ${token}::uuid)
      UPDATE delivery SET lease_until = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      WHERE edition_id = ${editionId} AND status = 'claimed' AND lease_token = ${token}::uuid AND lease_until > clock_timestamp()
      RETURNING 1 AS one`);
    return rows.length > 0;
  }

  /**
   * Of the rows under a token, those that must not be begun any more: because their readers have left, or because an
   * article in them was taken back, so that they are to wait for another variant. And whether the edition has stopped
   * altogether.
   * @param measuredIds who was measured when they were claimed: most often nobody
   */
  async findStopped(
    editionId: string,
    token: string,
    measuredIds: readonly string[] = [],
  ): Promise<StoppedRows> {
    const withheld = withheldArticles(sql`e.id`, this.clock.now());
    const unmeasured = sql`(
      SELECT jsonb_agg(w.id) FROM jsonb_array_elements_text(${JSON.stringify(measuredIds)}::jsonb) AS w(id)
      WHERE NOT EXISTS (SELECT 1 FROM subscriber s WHERE s.id = w.id::uuid AND ${isMeasured}))`;
    const [found] = await this.rows<{
      status: string;
      ids: string[];
      recalled: string[] | null;
      unmeasured: string[] | null;
    }>(sql`
      SELECT e.status, coalesce((
        SELECT jsonb_agg(d.subscriber_id) FROM delivery d
        WHERE d.edition_id = e.id AND d.status = 'claimed' AND d.lease_token = ${token}::uuid AND NOT ${isWanted}
      ), '[]'::jsonb) AS ids, CASE WHEN EXISTS (${withheld}) THEN (
        SELECT jsonb_agg(d.subscriber_id) FROM delivery d JOIN variant v ON v.id = d.variant_id
        JOIN edition_wave w ON w.edition_id = d.edition_id AND w.wave = d.wave
        WHERE d.edition_id = e.id AND d.status = 'claimed' AND d.lease_token = ${token}::uuid AND EXISTS (
          SELECT 1 FROM (${withheld}) held WHERE get_bit(v.mask, array_position(w.article_ids, held.id) - 1) = 1)
      ) END AS recalled, ${measuredIds.length > 0 ? unmeasured : sql`NULL::jsonb`} AS unmeasured
      FROM edition e WHERE e.id = ${editionId}`);
    return {
      editionStopped: found?.status !== 'sending',
      subscriberIds: found?.ids ?? [],
      recalledIds: found?.recalled ?? [],
      unmeasuredIds: found?.unmeasured ?? [],
    };
  }

  /**
   * Writes outcomes in bulk, only where the token still holds the row: a stale claim can commit nothing. They are
   * counted in the same statement. Hard bounces
   * mark their subscribers in the same transaction.
   * @returns how many rows were ours
   */
  async recordOutcomes(
    editionId: string,
    token: string,
    outcomes: readonly EndedDelivery[],
    now: Date,
  ): Promise<number> {
    if (outcomes.length === 0) return 0;
    const at = now.toISOString();
    const payload = JSON.stringify(
      outcomes.map(({ id, outcome: o }) => ({
        subscriber_id: id,
        status: o.status,
        due_at: o.dueAt?.toISOString() ?? null,
        tried: o.tried,
        in_doubt: o.inDoubt ?? false,
        code: o.code,
        reply: o.reply,
        ...(o.status === 'accepted' ? {} : meaningOf(o)),
      })),
    );
    const written = sql`
        UPDATE delivery d SET status = o.status, due_at = coalesce(o.due_at, d.due_at),
          attempts = d.attempts + CASE WHEN o.tried THEN 1 ELSE 0 END, in_doubt = d.in_doubt OR o.in_doubt,
          smtp_code = coalesce(o.code, CASE WHEN o.tried THEN NULL ELSE d.smtp_code END),
          smtp_reply = CASE WHEN o.reply = '' THEN d.smtp_reply ELSE left(o.reply, 500) END, lease_token = NULL, lease_until = NULL,
          accepted_at = CASE WHEN o.status = 'accepted' THEN ${at}::timestamptz END, updated_at = ${at}::timestamptz
        FROM (SELECT ${editionId}::uuid AS edition_id, ${token}::uuid AS token, 'claimed' AS was, ended.*
          FROM jsonb_to_recordset(${payload}::jsonb) AS ended(subscriber_id uuid, status text, due_at timestamptz,
            tried boolean, in_doubt boolean, code int, reply text, class text, words text) OFFSET 0) o
        WHERE d.edition_id = o.edition_id AND d.subscriber_id = o.subscriber_id
          AND d.status = o.was AND d.lease_token = o.token
        RETURNING d.edition_id, d.subscriber_id, d.variant_id, d.status, o.tried, o.class, o.code, o.words`;
    // What was accepted is counted by its numbers alone, and there is most of it.
    const refused = outcomes.some(({ outcome: { status, tried } }) => tried && status !== 'accepted');
    const counted = sql`
      WITH written AS (${written}), counted AS (${countInEditions(sql`written`, OUTCOME_COLUMNS, now)})${
        refused ? sql`, told AS (${countReplies(sql`written`)})` : sql``
      }
      ${outcomesInArticles({ editionId, hour: hourOf(now) }, outcomes)}`;
    if (!outcomes.some(({ outcome }) => outcome.hardBounce)) {
      const [count] = await this.rows<{ n: number }>(sql`${counted} SELECT count(*)::int AS n FROM written`);
      return count?.n ?? 0;
    }
    return this.database.transaction(async (tx) => {
      const rows = await this.rows<{ subscriberId: string }>(
        sql`${counted} SELECT subscriber_id AS "subscriberId" FROM written`,
        tx,
      );
      const ours = new Set(rows.map((row) => row.subscriberId));
      const bounces = outcomes
        .filter(({ id, outcome }) => outcome.hardBounce && ours.has(id))
        .map(({ id, outcome: { code, reply } }) => hardBounce(editionId, id, code, reply));
      await recordBounces(tx, bounces, { hardLimit: this.config.hardBounceLimit, soft: SOFT_BOUNCES }, now);
      return rows.length;
    });
  }

  /** Puts rows of a token that were never begun back to the queue; of a cancelled edition they end instead. */
  async release(editionId: string, token: string, dueAt: Date): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE delivery SET status = 'queued', lease_token = NULL, lease_until = NULL, updated_at = now(),
        due_at = greatest(due_at, ${dueAt.toISOString()}::timestamptz)
      WHERE edition_id = ${editionId} AND status = 'claimed' AND lease_token = ${token}::uuid`);
    await this.suppressCancelled(editionId);
  }

  /** Ends what a cancelled edition still has waiting: rows that were claimed when it was cancelled. */
  async suppressCancelled(editionId: string): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE delivery d SET status = 'suppressed', updated_at = now() FROM edition e
      WHERE e.id = d.edition_id AND e.id = ${editionId} AND e.status = 'cancelled' AND d.status = 'queued'`);
  }

  /**
   * As {@link suppressCancelled}, of every edition: for a worker that was killed in between, or put its rows back in the
   * moment in which a cancel was being committed.
   */
  async suppressAllCancelled(): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE delivery SET status = 'suppressed', updated_at = now()
      WHERE edition_id = ANY (ARRAY(SELECT id FROM edition WHERE status = 'cancelled')) AND status = 'queued'`);
  }

  /**
   * Tokens whose lease ran out, because their process died or froze, and for how long they have been out.
   * @param all true when no other process can be alive (embedded, at boot): every claim is a dead one's
   */
  async findExpiredLeases(
    limit: number,
    all = false,
  ): Promise<{ editionId: string; token: string; expiredMs: number }[]> {
    return this.rows(sql`
      SELECT edition_id AS "editionId", lease_token AS token,
        (extract(epoch FROM clock_timestamp() - max(lease_until)) * 1000)::float8 AS "expiredMs"
      FROM delivery WHERE status = 'claimed' AND (${all}::boolean OR lease_until < clock_timestamp())
      GROUP BY edition_id, lease_token LIMIT ${limit}`);
  }

  /** Who is still claimed under a token. */
  async findClaimed(editionId: string, token: string): Promise<string[]> {
    const rows = await this.rows<{ id: string }>(sql`
      SELECT subscriber_id AS id FROM delivery
      WHERE edition_id = ${editionId} AND status = 'claimed' AND lease_token = ${token}::uuid`);
    return rows.map((row) => row.id);
  }

  /** Batches of sending editions that have rows due now, breaking news first. One index probe a batch, however many rows wait. */
  async findDueBatches(now: Date, limit: number): Promise<Batch[]> {
    return this.rows(sql`
      SELECT e.id AS "editionId", b.batch, e.kind FROM edition e CROSS JOIN generate_series(0, e.batches - 1) AS b(batch)
      WHERE e.status = 'sending' AND EXISTS (
        SELECT 1 FROM delivery d WHERE d.edition_id = e.id AND d.batch = b.batch AND d.status = 'queued'
          AND d.due_at <= ${now.toISOString()}::timestamptz)
      ORDER BY e.kind = 'alert' DESC, 1, 2 LIMIT ${limit}`);
  }

  /**
   * Whether breaking news has rows that are due now: whatever else is sent gives way to it. After a quarter of an hour no more: one
   * that cannot be sent, for whatever reason, must not keep all others.
   */
  async isNewsDue(now: Date): Promise<boolean> {
    const rows = await this.rows(sql`
      SELECT 1 AS one FROM edition e CROSS JOIN generate_series(0, e.batches - 1) AS b(batch)
      WHERE e.status = 'sending' AND e.kind = 'alert'
        AND e.started_at > ${new Date(now.getTime() - OVERTAKES_MS).toISOString()}::timestamptz AND EXISTS (
        SELECT 1 FROM delivery d WHERE d.edition_id = e.id AND d.batch = b.batch AND d.status = 'queued'
          AND d.due_at <= ${now.toISOString()}::timestamptz)
      LIMIT 1`);
    return rows.length > 0;
  }

  /** When the first waiting row of a batch is due, past or future; null when none waits or the edition is not sending. */
  async nextDue(editionId: string, batch: number): Promise<Date | null> {
    const [row] = await this.rows<{ due: string | Date | null }>(sql`
      SELECT min(d.due_at) AS due FROM delivery d JOIN edition e ON e.id = d.edition_id AND e.status = 'sending'
      WHERE d.edition_id = ${editionId} AND d.batch = ${batch} AND d.status = 'queued'`);
    return row?.due ? new Date(row.due) : null;
  }

  /**
   * Gives up rows that were tried for longer than an edition is news, and those whose recipient domain has refused us for
   * policy for as long. Any other that was never tried (the edition was paused, or the mail server away) is not given up:
   * it goes out when it can, unless an operator cancels.
   */
  async expire(startedBefore: Date, now: Date): Promise<void> {
    const limit = sql`${startedBefore.toISOString()}::timestamptz`;
    const expired = sql`
      UPDATE delivery d SET status = 'expired', updated_at = ${now.toISOString()}::timestamptz FROM edition e
      WHERE e.id = d.edition_id AND e.status = 'sending' AND d.status = 'queued' AND ${lastFrozenAt} < ${limit}
        AND (d.attempts > 0 OR EXISTS (
          SELECT 1 FROM subscriber s JOIN recipient_standing r ON r.domain = split_part(s.email_normalised, '@', 2)
          WHERE s.id = d.subscriber_id AND r.rests > 0 AND r.resting_since < ${limit}))
      RETURNING d.edition_id, d.subscriber_id, d.variant_id, d.status, true AS tried, 'none' AS class, 0 AS code, '' AS words`;
    const counted = { failed: sql`true` };
    await this.database.db.execute(sql`
      WITH expired AS (${expired}), in_articles AS (${countInArticles(sql`expired`, counted, hourOf(now))}),
        told AS (${countReplies(sql`expired`)})
      ${countInEditions(sql`expired`, counted, now)}`);
  }

  /**
   * Closes the edition if no row is open and no wave is to come (invariant I1).
   * @returns whether it is finished now
   */
  async finishEdition(editionId: string, now: Date): Promise<boolean> {
    const open = (status: SQL) =>
      sql`EXISTS (SELECT 1 FROM delivery WHERE edition_id = ${editionId} AND status = ${status})`;
    const isDone = sql`next_wave_at IS NULL AND NOT ${open(sql`'queued'`)} AND NOT ${open(sql`'claimed'`)}`;
    const changes = { finishedAt: now, updatedAt: now };
    return this.database.transaction(async (tx) => {
      // Who puts rows back holds the edition; a statement that had begun before would not see them.
      await tx.execute(sql`SELECT 1 FROM edition WHERE id = ${editionId} FOR UPDATE`);
      return (await moveEdition(tx, editionId, 'finish', changes, isDone)) !== undefined;
    });
  }

  /** Sending editions, for the tick to close those whose last worker died before it could. */
  async findSending(): Promise<string[]> {
    return (await this.rows<{ id: string }>(sql`SELECT id FROM edition WHERE status = 'sending'`)).map(
      (row) => row.id,
    );
  }

  async editionForSending(editionId: string): Promise<EditionForSending | undefined> {
    const rows = await this.rows<EditionForSending & { frozenAt: string | Date }>(sql`
      SELECT e.id, e.kind, e.status, ${lastFrozenAt} AS "frozenAt", e.slug,
        e.publication_id AS "publicationId", e.digest_id AS "digestId", d.slug AS "digestSlug", d.name AS "digestName"
      FROM edition e JOIN digest d ON d.id = e.digest_id WHERE e.id = ${editionId}`);
    const row = rows[0];
    return row && { ...row, frozenAt: new Date(row.frozenAt) };
  }

  /** What variants are made of, in one statement. Those that are not there are left out. */
  async variantsOf(variantIds: readonly string[]): Promise<VariantForSending[]> {
    const rows = await this.rows<VariantForSending & { frozenAt: string | Date }>(sql`
      SELECT v.id, v.content_id AS "contentId", v.locale, v.more, w.frozen_at AS "frozenAt", (
        SELECT coalesce(jsonb_agg(a.id ORDER BY a.at), '[]'::jsonb) FROM unnest(w.article_ids) WITH ORDINALITY AS a(id, at)
        WHERE get_bit(v.mask, a.at::int - 1) = 1) AS "articleIds"
      FROM variant v JOIN edition_wave w ON w.edition_id = v.edition_id AND w.wave = v.wave
      WHERE v.id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(variantIds)}::jsonb))`);
    return rows.map((row) => ({ ...row, frozenAt: new Date(row.frozenAt) }));
  }
}

export interface VariantForSending {
  id: string;
  contentId: string;
  locale: string;
  /** In the order in which they are to stand. */
  articleIds: string[];
  more: boolean;
  /** When its wave was. */
  frozenAt: Date;
}

export interface EditionForSending {
  id: string;
  kind: EditionKind;
  status: string;
  /** When its last wave was. */
  frozenAt: Date;
  slug: string;
  publicationId: string;
  digestId: string;
  digestSlug: string;
  digestName: string;
}

const hourOf = (now: Date) => sql`${fullHour(now)}::timestamptz`;

/**
 * The part of a statement that adds outcomes to the numbers of articles: as they were counted here, if every one of them was
 * written; else by what was.
 */
function outcomesInArticles(at: CountedAt, outcomes: readonly EndedDelivery[]): SQL {
  const counts = countedInArticles(outcomes);
  if (counts?.length === 0) return sql``;
  const byVariant = (condition: SQL) =>
    countInArticles(sql`(SELECT * FROM written WHERE ${condition})`, OUTCOME_NUMBERS, at.hour);
  if (!counts) return sql`, in_articles AS (${byVariant(sql`true`)})`;
  const areAll = sql`(SELECT count(*) FROM written) = ${outcomes.length}::int`;
  return sql`, in_articles AS (${addArticleCounts(at, counts, areAll)}), of_some AS (${byVariant(sql`NOT ${areAll}`)})`;
}

function hardBounce(editionId: string, subscriberId: string, code: number | null, reply: string): Bounce {
  const { status } = classifyReply({ code, text: reply });
  return { subscriberId, editionId, class: 'hard', code, status, reply, returnedItemId: null };
}

/** By what is said of a try that it is grouped with others. */
function meaningOf({ hardBounce, code, reply }: Outcome): { class: string; words: string } {
  const meaning = code === null ? 'none' : classifyReply({ code, text: reply }).class;
  return { class: hardBounce ? 'hard' : meaning, words: replyWords(reply) };
}
