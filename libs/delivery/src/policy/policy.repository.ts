import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { WINDOW } from './policy-rules.js';

/** How a recipient domain stands with us, under the lock of its row. */
export interface Standing {
  /** Its latest messages, oldest first: `1` was refused for policy, `0` was not. */
  recent: string;
  /** In a row; 0: it is in good standing. */
  rests: number;
  restingUntil: Date | null;
}

/** The SQL of what domains and editions were refused for policy. Nothing is written as long as nothing is refused. */
@Injectable()
export class PolicyRepository {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Notes one refusal of a domain, and what it took before. @returns its standing, locked */
  async noteDomain(tx: Executor, domain: string, takenBefore: number, now: Date): Promise<Standing> {
    const news = `${'0'.repeat(takenBefore)}1`.slice(-WINDOW);
    const result = await tx.execute(sql`
      INSERT INTO recipient_standing AS s (domain, recent, updated_at)
      VALUES (${domain}, ${news}, ${now.toISOString()}::timestamptz)
      ON CONFLICT (domain) DO UPDATE SET recent = right(s.recent || excluded.recent, ${WINDOW}::int), updated_at = excluded.updated_at
      RETURNING s.recent, s.rests, s.resting_until AS "restingUntil"`);
    const row = rowsOf<Omit<Standing, 'restingUntil'> & { restingUntil: string | Date | null }>(result)[0];
    if (!row) throw new Error('an upsert returned no row');
    return { ...row, restingUntil: row.restingUntil ? new Date(row.restingUntil) : null };
  }

  /** Leaves a domain alone until then; what it refused before is not counted again. */
  async rest(tx: Executor, domain: string, until: Date, now: Date): Promise<void> {
    await tx.execute(sql`
      UPDATE recipient_standing SET rests = rests + 1, recent = '', resting_until = ${until.toISOString()}::timestamptz,
        resting_since = coalesce(resting_since, ${now.toISOString()}::timestamptz), updated_at = ${now.toISOString()}::timestamptz
      WHERE domain = ${domain}`);
  }

  /** Notes one refusal of an edition, and what was taken before. @returns its latest messages, locked */
  async noteEdition(
    tx: Executor,
    editionId: string,
    domain: string,
    takenBefore: number,
    now: Date,
  ): Promise<string[]> {
    const news = JSON.stringify([...Array.from({ length: takenBefore }, () => ''), domain].slice(-WINDOW));
    const result = await tx.execute(sql`
      INSERT INTO edition_refusals AS r (edition_id, recent, updated_at)
      VALUES (${editionId}::uuid, ARRAY(SELECT jsonb_array_elements_text(${news}::jsonb)), ${now.toISOString()}::timestamptz)
      ON CONFLICT (edition_id) DO UPDATE SET updated_at = excluded.updated_at,
        recent = (r.recent || excluded.recent)[greatest(1, cardinality(r.recent) + cardinality(excluded.recent) - ${WINDOW - 1}::int):]
      RETURNING to_jsonb(r.recent) AS recent`);
    return rowsOf<{ recent: string[] }>(result)[0]?.recent ?? [];
  }

  /** Resumed, it begins anew. */
  async forgetEdition(tx: Executor, editionId: string): Promise<void> {
    await tx.execute(sql`DELETE FROM edition_refusals WHERE edition_id = ${editionId}::uuid`);
  }

  /** Domains that are not in good standing, and until when they are left alone; past: the next message is on trial. */
  async resting(): Promise<{ domain: string; until: Date }[]> {
    const result = await this.database.db.execute(sql`
      SELECT domain, resting_until AS until FROM recipient_standing WHERE rests > 0`);
    return rowsOf<{ domain: string; until: string | Date }>(result).map(({ domain, until }) => ({
      domain,
      until: new Date(until),
    }));
  }

  /** Takes the one message that may be tried after a rest; nobody else does until then. @returns whether it is ours */
  async takeTrial(domain: string, until: Date, now: Date): Promise<boolean> {
    const result = await this.database.db.execute(sql`
      UPDATE recipient_standing SET resting_until = ${until.toISOString()}::timestamptz, updated_at = ${now.toISOString()}::timestamptz
      WHERE domain = ${domain} AND rests > 0 AND resting_until <= ${now.toISOString()}::timestamptz RETURNING 1 AS one`);
    return rowsOf(result).length > 0;
  }

  /** It took the message on trial: it is in good standing. */
  async clear(domain: string): Promise<void> {
    await this.database.db.execute(sql`DELETE FROM recipient_standing WHERE domain = ${domain}`);
  }

  /** What was refused so long ago says nothing any more. */
  async forgetBefore(instant: Date): Promise<void> {
    const before = sql`${instant.toISOString()}::timestamptz`;
    await this.database.db.execute(sql`DELETE FROM recipient_standing WHERE updated_at < ${before}`);
    await this.database.db.execute(sql`DELETE FROM edition_refusals WHERE updated_at < ${before}`);
  }
}
