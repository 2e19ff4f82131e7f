import { Injectable } from '@nestjs/common';
import { and, eq, gt, lt } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { signInStep } from '#database/schema/index.js';

export type SignInStep = typeof signInStep.$inferSelect;

/** The SQL of what a sign-in in several steps remembers in between. */
@Injectable()
export class SignInStepRepository {
  async insert(db: Executor, row: SignInStep): Promise<void> {
    await db.insert(signInStep).values(row);
  }

  /** Takes it away: it counts once. */
  async take(db: Executor, kind: SignInStep['kind'], id: string, now: Date): Promise<SignInStep | undefined> {
    const [row] = await db
      .delete(signInStep)
      .where(and(eq(signInStep.id, id), eq(signInStep.kind, kind), gt(signInStep.expiresAt, now)))
      .returning();
    return row;
  }

  async deleteOld(db: Executor, now: Date): Promise<void> {
    await db.delete(signInStep).where(lt(signInStep.expiresAt, now));
  }
}
