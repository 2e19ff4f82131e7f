import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { receivedReport } from '#database/schema/index.js';

export type NewReport = typeof receivedReport.$inferInsert;

/** Reports that receivers sent of our mail. */
@Injectable()
export class ReportRepository {
  /** A report that is sent twice is kept once. */
  async keep(tx: Executor, report: NewReport): Promise<void> {
    await tx.insert(receivedReport).values(report).onConflictDoNothing();
  }
}
