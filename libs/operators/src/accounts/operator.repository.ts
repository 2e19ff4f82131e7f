import { Injectable } from '@nestjs/common';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { operator, passkey, publication, session } from '#database/schema/index.js';

export type OperatorRow = typeof operator.$inferSelect;

/** The SQL of operators. Addresses are compared without regard to case. */
@Injectable()
export class OperatorRepository {
  async isThereAny(db: Executor): Promise<boolean> {
    const rows = await db.select({ id: operator.id }).from(operator).limit(1);
    return rows.length > 0;
  }

  /** There is one publication. */
  async publicationId(db: Executor): Promise<string | undefined> {
    const [row] = await db.select({ id: publication.id }).from(publication).limit(1);
    return row?.id;
  }

  /** Does nothing when there is one with this address. @returns whether it was written */
  async insert(db: Executor, row: typeof operator.$inferInsert): Promise<boolean> {
    const rows = await db.insert(operator).values(row).onConflictDoNothing().returning({ id: operator.id });
    return rows.length > 0;
  }

  async findByEmail(db: Executor, email: string): Promise<OperatorRow | undefined> {
    const [known] = await db
      .select()
      .from(operator)
      .where(eq(sql`lower(${operator.email})`, email.trim().toLowerCase()));
    return known;
  }

  async findById(db: Executor, id: string): Promise<OperatorRow | undefined> {
    const [known] = await db.select().from(operator).where(eq(operator.id, id));
    return known;
  }

  async findBySubject(db: Executor, oidcSubject: string): Promise<OperatorRow | undefined> {
    const [known] = await db.select().from(operator).where(eq(operator.oidcSubject, oidcSubject));
    return known;
  }

  /** By their age, with how many passkeys they have. */
  async page(db: Executor, publicationId: string, limit: number, after?: string) {
    return db
      .select({
        operator,
        passkeys: sql<number>`(${db
          .select({ n: sql`count(*)::int` })
          .from(passkey)
          .where(eq(passkey.operatorId, operator.id))})`,
      })
      .from(operator)
      .where(and(eq(operator.publicationId, publicationId), after ? gt(operator.id, after) : undefined))
      .orderBy(asc(operator.id))
      .limit(limit);
  }

  async countPasskeys(db: Executor, id: string): Promise<number> {
    return db.$count(passkey, eq(passkey.operatorId, id));
  }

  /** Owners who can sign in, locked: of two who leave at once, one sees that they are the last. */
  async lockOwners(tx: Executor, publicationId: string): Promise<string[]> {
    const rows = await tx
      .select({ id: operator.id })
      .from(operator)
      .where(
        and(
          eq(operator.publicationId, publicationId),
          eq(operator.role, 'owner'),
          eq(operator.status, 'active'),
        ),
      )
      .orderBy(asc(operator.id))
      .for('update');
    return rows.map(({ id }) => id);
  }

  async update(db: Executor, id: string, changes: Partial<typeof operator.$inferInsert>): Promise<void> {
    await db.update(operator).set(changes).where(eq(operator.id, id));
  }

  async delete(tx: Executor, id: string): Promise<void> {
    await tx.delete(operator).where(eq(operator.id, id));
  }

  /** Ends all sessions of an operator. @param except the session that goes on */
  async endSessions(tx: Executor, id: string, except?: string): Promise<void> {
    const others = except && sql`${session.id} <> ${except}`;
    await tx.delete(session).where(and(eq(session.operatorId, id), others || undefined));
  }

  /**
   * Notes that the code of a time step was taken.
   * @returns whether it had not been, nor a later one: the same code never signs in twice
   */
  async takeTotpStep(db: Executor, id: string, step: number): Promise<boolean> {
    const rows = await db
      .update(operator)
      .set({ totpStep: step })
      .where(and(eq(operator.id, id), sql`coalesce(${operator.totpStep}, 0) < ${step}`))
      .returning({ id: operator.id });
    return rows.length > 0;
  }
}
