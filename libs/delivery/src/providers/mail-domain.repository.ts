import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { OTHER } from './mail-providers.js';

/** The domains of some readers that nobody has looked up, and where to go on. */
export interface DomainWalk {
  domains: string[];
  /** The last reader looked at; null: there were no more. */
  last: string | null;
}

const domainOf = sql`split_part(s.email_normalised, '@', 2)`;
const isUnknown = sql`NOT EXISTS (SELECT 1 FROM mail_domain m WHERE m.domain = r.domain)`;

/** The SQL of who takes the mail of which domain. */
@Injectable()
export class MailDomainRepository {
  constructor(private readonly database: Database) {}

  /** Domains without a provider among the newest readers. */
  async ofNewest(readers: number): Promise<string[]> {
    const found = await this.database.db.execute(sql`
      SELECT DISTINCT r.domain FROM (SELECT ${domainOf} AS domain FROM subscriber s ORDER BY s.id DESC LIMIT ${readers}::int) r
      WHERE ${isUnknown}`);
    return rowsOf<{ domain: string }>(found).map(({ domain }) => domain);
  }

  /** Domains without a provider among so many readers after one. @param after null: from the first */
  async walk(after: string | null, readers: number): Promise<DomainWalk> {
    const found = await this.database.db.execute(sql`
      WITH r AS MATERIALIZED (
        SELECT s.id, ${domainOf} AS domain FROM subscriber s
        WHERE ${after}::uuid IS NULL OR s.id > ${after}::uuid ORDER BY s.id LIMIT ${readers}::int)
      SELECT (SELECT id FROM r ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM r) AS readers,
        (SELECT coalesce(jsonb_agg(DISTINCT r.domain), '[]'::jsonb) FROM r WHERE ${isUnknown}) AS domains`);
    const [row] = rowsOf<{ last: string | null; readers: number; domains: string[] }>(found);
    return { domains: row?.domains ?? [], last: row?.readers === readers ? row.last : null };
  }

  /** Domains that are to be looked up again: those of which it could not be told sooner than others. Longest ago first. */
  async findOld(told: Date, notTold: Date, limit: number): Promise<string[]> {
    const found = await this.database.db.execute(sql`
      SELECT domain FROM mail_domain WHERE looked_up_at < ${notTold.toISOString()}::timestamptz
        AND (provider = ${OTHER} OR looked_up_at < ${told.toISOString()}::timestamptz)
      ORDER BY looked_up_at LIMIT ${limit}::int`);
    return rowsOf<{ domain: string }>(found).map(({ domain }) => domain);
  }

  /** Writes what was found. */
  async write(found: readonly { domain: string; provider: string }[], now: Date): Promise<void> {
    if (found.length === 0) return;
    await this.database.db.execute(sql`
      INSERT INTO mail_domain AS m (domain, provider, looked_up_at)
      SELECT f.domain, f.provider, ${now.toISOString()}::timestamptz
      FROM jsonb_to_recordset(${JSON.stringify(found)}::jsonb) AS f(domain text, provider text) ORDER BY f.domain
      ON CONFLICT (domain) DO UPDATE SET looked_up_at = excluded.looked_up_at,
        provider = CASE WHEN excluded.provider = ${OTHER} THEN m.provider ELSE excluded.provider END`);
  }
}
