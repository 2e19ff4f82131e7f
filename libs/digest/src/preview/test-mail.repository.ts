import { Injectable } from '@nestjs/common';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { outboxMail } from '#database/schema/index.js';
import type { WrittenTest } from './test-quota.js';

/** Test mails as the outbox has them: the count that all processes share. */
@Injectable()
export class TestMailRepository {
  /** Lets one request at a time count and write, to the end of the transaction. */
  async lock(tx: Executor, publicationId: string): Promise<void> {
    await tx.execute(
      sql`SELECT pg_advisory_xact_lock(hashtextextended('test mails ' || ${publicationId}::text, 0))`,
    );
  }

  /** Those written since then, the oldest first. */
  async since(db: Executor, publicationId: string, then: Date): Promise<WrittenTest[]> {
    return db
      .select({ at: outboxMail.createdAt, by: sql<string | null>`${outboxMail.payload}->>'by'` })
      .from(outboxMail)
      .where(
        and(
          eq(outboxMail.publicationId, publicationId),
          isNull(outboxMail.subscriberId), // with the kind and the time it is an index
          eq(outboxMail.kind, 'edition-test'),
          gt(outboxMail.createdAt, then),
        ),
      )
      .orderBy(asc(outboxMail.createdAt), asc(outboxMail.id));
  }
}
