import { Injectable } from '@nestjs/common';
import { eq, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { operator, session } from '#database/schema/index.js';

export type OperatorRow = typeof operator.$inferSelect;

/** The SQL of operators. Addresses are compared without regard to case. */
@Injectable()
export class OperatorRepository {
  async isThereAny(db: Executor): Promise<boolean> {
    const rows = await db.select({ id: operator.id }).from(operator).limit(1);
    return rows.length > 0;
  }

  /** Does nothing when there is one with this address. */
  async insert(db: Executor, row: typeof operator.$inferInsert): Promise<void> {
    await db.insert(operator).values(row).onConflictDoNothing();
  }

  async findByEmail(db: Executor, email: string): Promise<OperatorRow | undefined> {
    const [known] = await db
      .select()
      .from(operator)
      .where(eq(sql`lower(${operator.email})`, email.trim().toLowerCase()));
    return known;
  }

  /** Replaces a password, and ends the sessions that were opened with the old one. */
  async replacePassword(tx: Executor, id: string, passwordHash: string): Promise<void> {
    await tx.update(operator).set({ passwordHash }).where(eq(operator.id, id));
    await tx.delete(session).where(eq(session.operatorId, id));
  }
}
