import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** What receivers report of one address that mail came from in our name. Messages. */
export interface ReportedSource {
  sourceIp: string;
  messages: number;
  /** DMARC passed: DKIM or SPF did, with a domain that fits From. */
  passed: number;
  failed: number;
  dkimPassed: number;
  spfPassed: number;
  /** Put into the spam folder, or refused. */
  stopped: number;
  /** Receivers that reported it. */
  reporters: number;
  /** The end of the last report that names it. */
  lastAt: Date;
}

/** A longer list is read by nobody. */
const MOST = 500;
/** Reports are foreign: sums of what they claim are cut where JSON has no more whole numbers. */
const HIGHEST = Number.MAX_SAFE_INTEGER;

/** DMARC reports, summed up. */
@Injectable()
export class ReportedSourceRepository {
  constructor(private readonly database: Database) {}

  /** Those of reports that end after `since`, most messages first; at most 500. */
  async since(publicationId: string, since: Date): Promise<ReportedSource[]> {
    const sum = (condition = sql`true`) =>
      sql`least(coalesce(sum(r.count) FILTER (WHERE ${condition}), 0), ${HIGHEST})::text`;
    const passes = sql`(r.dkim = 'pass' OR r.spf = 'pass')`;
    const found = await this.database.db.execute(sql`
      SELECT r."sourceIp" AS source_ip,
        ${sum()} AS messages, ${sum(passes)} AS passed, ${sum(sql`NOT ${passes}`)} AS failed,
        ${sum(sql`r.dkim = 'pass'`)} AS dkim_passed, ${sum(sql`r.spf = 'pass'`)} AS spf_passed,
        ${sum(sql`r.disposition IN ('quarantine', 'reject')`)} AS stopped,
        count(DISTINCT p.organisation)::text AS reporters,
        to_char(max(p.ends_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last_at
      FROM received_report p,
        jsonb_to_recordset(p.rows) AS r("sourceIp" text, count numeric, dkim text, spf text, disposition text)
      WHERE p.publication_id = ${publicationId}::uuid AND p.kind = 'dmarc' AND p.ends_at > ${since.toISOString()}::timestamptz
      GROUP BY r."sourceIp"
      ORDER BY sum(r.count) DESC, r."sourceIp"
      LIMIT ${MOST}`);
    return rowsOf<Record<string, string>>(found).map((row) => ({
      sourceIp: row['source_ip'] ?? '',
      messages: Number(row['messages']),
      passed: Number(row['passed']),
      failed: Number(row['failed']),
      dkimPassed: Number(row['dkim_passed']),
      spfPassed: Number(row['spf_passed']),
      stopped: Number(row['stopped']),
      reporters: Number(row['reporters']),
      lastAt: new Date(row['last_at'] ?? ''),
    }));
  }
}
