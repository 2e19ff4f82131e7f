import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { countedArticles } from '#audience/numbers/count-in-articles.js';
import { EDITION_NUMBERS, type EditionNumber } from '#audience/numbers/edition-numbers.js';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** A list for each of the numbers. */
const each = (write: (column: SQL, name: EditionNumber) => SQL, between = sql`, `) =>
  sql.join(
    EDITION_NUMBERS.map((name) => write(sql.raw(name), name)),
    between,
  );
const columns = each((column) => column);
const sums = each((column) => sql`sum(${column}) AS ${column}`);

/** A table of numbers, and how its rows come from the ledger. */
interface Numbers {
  table: SQL;
  /** Of a row, with its hour. */
  key: SQL;
  /** The same in the hour of another relation, `first_hour`. */
  keyInFirstHour: SQL;
  /** Its rows as the ledger has them, from `facts`. */
  inLedger: SQL;
  /** What was counted and is not folded, as rows of the table. */
  unfolded: SQL;
}

const OF_EDITIONS: Numbers = {
  table: sql`edition_number`,
  key: sql`edition_id, provider, hour`,
  keyInFirstHour: sql`edition_id, provider, first_hour.hour`,
  inLedger: sql`
    SELECT f.edition_id, coalesce(m.provider, 'other') AS provider, f.hour, ${sums}
    FROM facts f LEFT JOIN subscriber s ON s.id = f.subscriber_id
    LEFT JOIN mail_domain m ON m.domain = split_part(s.email_normalised, '@', 2) GROUP BY 1, 2, 3`,
  unfolded: sql`edition_number_delta`,
};

const OF_ARTICLES: Numbers = {
  table: sql`article_number`,
  key: sql`article_id, hour, edition_id`,
  keyInFirstHour: sql`article_id, first_hour.hour, edition_id`,
  // By variant first: of a million mails that leaves as many as there are different ones.
  inLedger: sql`
    SELECT a.id AS article_id, g.hour, v.edition_id, ${sums}
    FROM (SELECT f.variant_id, f.hour, ${sums} FROM facts f GROUP BY 1, 2) g
    JOIN variant v ON v.id = g.variant_id JOIN edition_wave w ON w.edition_id = v.edition_id AND w.wave = v.wave
    CROSS JOIN LATERAL unnest(w.article_ids) WITH ORDINALITY AS a(id, at)
    WHERE get_bit(v.mask, a.at::int - 1) = 1 GROUP BY 1, 2, 3`,
  unfolded: sql`(
    SELECT n.edition_id, n.hour, a.* FROM article_number_delta n CROSS JOIN LATERAL ${countedArticles(sql`n.counts`)})`,
};

/**
 * Counts the ledger of editions that went out, in whole or in part, before their numbers were kept. What is added is the difference
 * between the ledger and what is counted, both as of one moment: who counts at the same time is neither lost nor doubled.
 */
@Injectable()
export class RecountRepository {
  constructor(private readonly database: Database) {}

  /**
   * Counts one edition that is to be counted and goes out no more, the newest first: a worker of an older version that still sends one
   * does not count its articles.
   * @returns false: none is left, or others are at them
   */
  async recountNext(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const [taken] = rowsOf<{ id: string }>(
        await tx.execute(sql`
        DELETE FROM uncounted_edition WHERE edition_id = (
          SELECT u.edition_id FROM uncounted_edition u JOIN edition e ON e.id = u.edition_id
          WHERE e.status IN ('sent', 'cancelled', 'failed') ORDER BY u.edition_id DESC LIMIT 1 FOR UPDATE OF u SKIP LOCKED)
        RETURNING edition_id AS id`),
      );
      if (!taken) return false;
      if (!(await this.isComplete(tx, taken.id))) await this.addMissing(tx, taken.id, OF_EDITIONS);
      await this.addMissing(tx, taken.id, OF_ARTICLES);
      return true;
    });
  }

  /** Whether all that was frozen was counted at the time: then providers are as they were known then, and stay. */
  private async isComplete(tx: Executor, editionId: string): Promise<boolean> {
    const frozenIn = (table: SQL) =>
      sql`coalesce((SELECT sum(frozen) FROM ${table} WHERE edition_id = ${editionId}::uuid), 0)`;
    const [row] = rowsOf<{ complete: boolean }>(
      await tx.execute(sql`
      SELECT ${frozenIn(sql`edition_number`)} + ${frozenIn(sql`edition_number_delta`)}
        >= (SELECT count(*) FROM delivery WHERE edition_id = ${editionId}::uuid) AS complete`),
    );
    return row?.complete ?? false;
  }

  /** Deferrals are compared as sums of all hours, and stand in the first: the ledger does not know theirs. */
  private async addMissing(tx: Executor, editionId: string, numbers: Numbers): Promise<void> {
    const { table, key, keyInFirstHour, inLedger, unfolded } = numbers;
    const notDeferred = each((column, name) => (name === 'deferred' ? sql`0` : sql`-${column}`));
    const deferredOnly = each((column, name) => (name === 'deferred' ? sql`-${column}` : sql`0`));
    await tx.execute(sql`
      WITH first_hour AS (
        SELECT date_trunc('hour', min(frozen_at), 'UTC') AS hour FROM edition_wave WHERE edition_id = ${editionId}::uuid),
      facts AS (${factsOf(editionId)}),
      counted AS (
        SELECT ${key}, ${columns} FROM ${table} WHERE edition_id = ${editionId}::uuid
        UNION ALL SELECT ${key}, ${each((column) => sql`coalesce(${column}, 0)`)} FROM ${unfolded} u WHERE edition_id = ${editionId}::uuid),
      missing AS (
        SELECT ${key}, ${sums} FROM (
          (${inLedger})
          UNION ALL SELECT ${key}, ${notDeferred} FROM counted
          UNION ALL SELECT ${keyInFirstHour}, ${deferredOnly} FROM counted CROSS JOIN first_hour) b(${key}, ${columns})
        GROUP BY ${key})
      INSERT INTO ${table} AS n (${key}, ${columns})
      SELECT ${key}, ${columns} FROM missing WHERE ${each((column) => sql`${column} <> 0`, sql` OR `)}
      ORDER BY ${key}
      ON CONFLICT (${key}) DO UPDATE SET ${each((column) => sql`${column} = n.${column} + excluded.${column}`)}`);
  }
}

/** What the ledger and the events say of an edition: a row for each fact, with 1 at what it counts as. */
function factsOf(editionId: string): SQL {
  const fact = (name: EditionNumber, at: SQL, from: SQL, value = sql`1`) => sql`
    SELECT d.edition_id, d.subscriber_id, d.variant_id, date_trunc('hour', ${at}, 'UTC') AS hour,
      ${each((_, one) => (one === name ? value : sql`0`))}
    FROM ${from}`;
  const ledger = (condition: SQL) => sql`delivery d WHERE d.edition_id = ${editionId}::uuid AND ${condition}`;
  const events = (type: string) => sql`
    (SELECT edition_id, subscriber_id, min(at) AS at FROM feedback_event
      WHERE edition_id = ${editionId}::uuid AND type = ${type}::text GROUP BY 1, 2) v
    JOIN delivery d ON d.edition_id = v.edition_id AND d.subscriber_id = v.subscriber_id`;
  const frozen = sql`
    delivery d JOIN edition_wave w ON w.edition_id = d.edition_id AND w.wave = d.wave WHERE d.edition_id = ${editionId}::uuid`;
  const tries = sql`d.attempts - CASE WHEN d.status IN ('accepted', 'failed', 'uncertain') THEN 1 ELSE 0 END`;
  const facts = [
    fact('frozen', sql`w.frozen_at`, frozen),
    fact('accepted', sql`d.accepted_at`, ledger(sql`d.status = 'accepted' AND d.accepted_at IS NOT NULL`)),
    fact('deferred', sql`(SELECT hour FROM first_hour)`, ledger(sql`${tries} > 0`), tries),
    fact('failed', sql`d.updated_at`, ledger(sql`d.status IN ('failed', 'expired')`)),
    fact('bounced', sql`d.bounced_at`, ledger(sql`d.bounced_at IS NOT NULL`)),
    fact('complained', sql`v.at`, events('complaint')),
    fact('unsubscribed', sql`v.at`, events('unsubscribe')),
  ];
  return sql`
    SELECT f.edition_id, f.subscriber_id, f.variant_id, f.hour, ${columns}
    FROM (${sql.join(facts, sql` UNION ALL `)}) f(edition_id, subscriber_id, variant_id, hour, ${columns})`;
}
