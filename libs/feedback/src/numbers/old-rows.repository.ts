import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** What came back, as it came: needed for a while. */
@Injectable()
export class OldRowsRepository {
  constructor(private readonly database: Database) {}

  /** Forgets some things that came back before. @returns how many */
  async forgetReturned(before: Date, limit: number): Promise<number> {
    return this.deleted(sql`
      DELETE FROM returned_item WHERE id = ANY (ARRAY(
        SELECT id FROM returned_item WHERE received_at < ${before.toISOString()}::timestamptz LIMIT ${limit}::int))`);
  }

  private async deleted(statement: SQL): Promise<number> {
    return rowsOf(await this.database.db.execute(sql`${statement} RETURNING 1 AS one`)).length;
  }
}
