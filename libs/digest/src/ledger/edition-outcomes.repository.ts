import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** What so many tries of an edition ended with. */
export interface EditionOutcome {
  /** `deferred` counts each try that was put off; the others are messages. */
  status: 'accepted' | 'deferred' | 'failed' | 'expired' | 'uncertain';
  /** What the reply means: `none` where nothing was refused. */
  class: 'hard' | 'soft' | 'blocked' | 'none';
  code: number | null;
  words: string;
  provider: string;
  count: number;
}

/** Rarer outcomes than so many say nothing of an edition. */
const MOST_SHOWN = 200;

/** What became of an edition, by reply and provider, as delivery has counted it. */
@Injectable()
export class EditionOutcomesRepository {
  constructor(private readonly database: Database) {}

  /** Most first. */
  async of(editionId: string): Promise<EditionOutcome[]> {
    const rows = await this.database.db.execute(sql`
      SELECT status, class, nullif(code, 0) AS code, words, provider, sum(n)::int AS count FROM (
        SELECT status, class, code, words, provider, n FROM edition_outcome WHERE edition_id = ${editionId}::uuid
        UNION ALL
        SELECT status, class, code, words, provider, n FROM edition_outcome_delta WHERE edition_id = ${editionId}::uuid
        UNION ALL
        SELECT 'accepted', 'none', 0, '', provider, accepted FROM edition_number WHERE edition_id = ${editionId}::uuid
        UNION ALL
        SELECT 'accepted', 'none', 0, '', provider, accepted FROM edition_number_delta WHERE edition_id = ${editionId}::uuid) o
      GROUP BY status, class, o.code, words, provider HAVING sum(n) > 0
      ORDER BY count DESC, status, o.code, words, provider LIMIT ${MOST_SHOWN}::int`);
    return rowsOf<EditionOutcome>(rows);
  }
}
