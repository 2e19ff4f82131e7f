import { Injectable } from '@nestjs/common';
import { and, desc, eq, gte, lt, or, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { auditEntry, auditOrigin, operator } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';

/** What the audit is asked for. */
export interface AuditFilter {
  /** Id, or the name then, of who did it. */
  actor?: string | undefined;
  /** How the action begins. */
  action?: string | undefined;
  subject?: string | undefined;
  /** From this instant on. */
  from?: Date | undefined;
  /** Before this one. */
  to?: Date | undefined;
}

/** Of whom an entry is: by address, or by id. */
export type Whose = { email: string } | { operatorId: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The SQL of the audit, which only grows. */
@Injectable()
export class AuditRepository {
  /** @param client from where, kept apart: see `audit_origin` */
  async insert(
    db: Executor,
    entry: Omit<typeof auditEntry.$inferInsert, 'id'>,
    client?: string,
  ): Promise<void> {
    const id = newId();
    await db.insert(auditEntry).values({ id, ...entry });
    if (client) await db.insert(auditOrigin).values({ entryId: id, client, at: entry.at ?? new Date() });
  }

  /** An entry about an operator, in one statement; none where there is no such operator. */
  async insertAbout(
    db: Executor,
    whose: Whose,
    { action, detail, at }: { action: string; detail: Record<string, unknown>; at: Date },
  ): Promise<void> {
    const isTheirs =
      'email' in whose
        ? sql`lower(${operator.email}) = ${whose.email.trim().toLowerCase()}`
        : eq(operator.id, whose.operatorId);
    await db.execute(sql`
      INSERT INTO ${auditEntry} (id, publication_id, action, subject_type, subject_id, detail, at)
      SELECT ${newId()}::uuid, ${operator.publicationId}, ${action}, 'operators', ${operator.id}::text,
        ${JSON.stringify(detail)}::jsonb, ${at.toISOString()}::timestamptz
      FROM ${operator} WHERE ${isTheirs}`);
  }

  /** The newest first, with from where, as long as that is kept. */
  async page(db: Executor, publicationId: string, filter: AuditFilter, limit: number, before?: string) {
    return db
      .select({
        id: auditEntry.id,
        at: auditEntry.at,
        actorId: auditEntry.actorId,
        actorName: auditEntry.actorName,
        action: auditEntry.action,
        subjectType: auditEntry.subjectType,
        subjectId: auditEntry.subjectId,
        detail: auditEntry.detail,
        client: auditOrigin.client,
      })
      .from(auditEntry)
      .leftJoin(auditOrigin, eq(auditOrigin.entryId, auditEntry.id))
      .where(
        and(
          eq(auditEntry.publicationId, publicationId),
          before ? lt(auditEntry.id, before) : undefined,
          ...conditionsOf(filter),
        ),
      )
      .orderBy(desc(auditEntry.id))
      .limit(limit);
  }

  /** From where something was done is forgotten; what was done stays. */
  async forgetOrigins(db: Executor, before: Date): Promise<void> {
    await db.delete(auditOrigin).where(lt(auditOrigin.at, before));
  }
}

function conditionsOf({ actor, action, subject, from, to }: AuditFilter): (SQL | undefined)[] {
  const byName = actor && sql`lower(${auditEntry.actorName}) = ${actor.toLowerCase()}`;
  return [
    actor && UUID.test(actor) ? or(eq(auditEntry.actorId, actor), byName || undefined) : byName || undefined,
    action ? sql`starts_with(${auditEntry.action}, ${action})` : undefined,
    subject ? eq(auditEntry.subjectId, subject) : undefined,
    from ? gte(auditEntry.at, from) : undefined,
    to ? lt(auditEntry.at, to) : undefined,
  ];
}
