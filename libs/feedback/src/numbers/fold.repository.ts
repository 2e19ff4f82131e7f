import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { takenArticleNumbers, countedArticles } from '#audience/numbers/count-in-articles.js';
import { takenEditionNumbers } from '#audience/numbers/count-in-editions.js';
import { EDITION_COLUMNS, EDITION_NUMBERS } from '#audience/numbers/edition-numbers.js';
import { AUDIENCE_NUMBERS, takenAudienceNumbers } from '#audience/numbers/count-readers.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/**
 * Adds what was counted up. One statement takes rows and adds them, so each is in exactly one of both tables to whoever looks, whatever
 * is killed and however many fold at once: they pass over what another has taken, and write in the same order.
 */
@Injectable()
export class FoldRepository {
  constructor(private readonly database: Database) {}

  /** @returns how many rows were taken: fewer than the limit, and none is left but what is being taken by others */
  async foldEditions(limit: number): Promise<number> {
    const key = sql`edition_id, provider, hour`;
    // Of an edition that is gone nobody asks any more.
    const kept = sql`(SELECT t.* FROM taken t JOIN edition e ON e.id = t.edition_id)`;
    return this.fold(sql`INSERT INTO edition_number`, key, EDITION_COLUMNS, takenEditionNumbers(limit), kept);
  }

  /** @returns as {@link foldEditions} */
  async foldArticles(limit: number): Promise<number> {
    const key = sql`article_id, hour, edition_id`;
    const kept = sql`(
      SELECT t.edition_id, t.hour, a.* FROM taken t JOIN edition e ON e.id = t.edition_id
      CROSS JOIN LATERAL ${countedArticles(sql`t.counts`)})`;
    return this.fold(sql`INSERT INTO article_number`, key, EDITION_NUMBERS, takenArticleNumbers(limit), kept);
  }

  /** @returns as {@link foldEditions} */
  async foldAudience(limit: number): Promise<number> {
    const key = sql`publication_id, hour, source`;
    const columns = Object.values(AUDIENCE_NUMBERS);
    return this.fold(sql`INSERT INTO audience_number`, key, columns, takenAudienceNumbers(limit), sql`taken`);
  }

  private async fold(
    insert: SQL,
    key: SQL,
    numbers: readonly string[],
    take: SQL,
    kept: SQL,
  ): Promise<number> {
    const each = (write: (name: SQL) => SQL) =>
      sql.join(
        numbers.map((name) => write(sql.raw(`"${name}"`))),
        sql`, `,
      );
    const [done] = rowsOf<{ n: number }>(
      await this.database.db.execute(sql`
      WITH taken AS (${take}),
      folded AS (
        ${insert} AS n (${key}, ${each((name) => name)})
        SELECT ${key}, ${each((name) => sql`coalesce(sum(${name}), 0)`)} FROM ${kept} k GROUP BY ${key} ORDER BY ${key}
        ON CONFLICT (${key}) DO UPDATE SET ${each((name) => sql`${name} = n.${name} + excluded.${name}`)})
      SELECT count(*)::int AS n FROM taken`),
    );
    return done?.n ?? 0;
  }
}
