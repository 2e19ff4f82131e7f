import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { auditEntry, operator } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';

/** The SQL of the audit, which only grows. */
@Injectable()
export class AuditRepository {
  async insert(db: Executor, entry: Omit<typeof auditEntry.$inferInsert, 'id'>): Promise<void> {
    await db.insert(auditEntry).values({ id: newId(), ...entry });
  }

  /** An entry about the operator with an address, in one statement; none where there is no such operator. */
  async insertAbout(
    db: Executor,
    email: string,
    { action, detail, at }: { action: string; detail: Record<string, unknown>; at: Date },
  ): Promise<void> {
    await db.execute(sql`
      INSERT INTO ${auditEntry} (id, publication_id, action, subject_type, subject_id, detail, at)
      SELECT ${newId()}::uuid, ${operator.publicationId}, ${action}, 'operators', ${operator.id}::text,
        ${JSON.stringify(detail)}::jsonb, ${at.toISOString()}::timestamptz
      FROM ${operator} WHERE lower(${operator.email}) = ${email.trim().toLowerCase()}`);
  }
}
