import { Injectable } from '@nestjs/common';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { recoveryCode } from '#database/schema/index.js';

/** The SQL of recovery codes. Only their SHA-256 is known. */
@Injectable()
export class RecoveryCodeRepository {
  async replaceAll(tx: Executor, operatorId: string, hashes: readonly Buffer[]): Promise<void> {
    await tx.delete(recoveryCode).where(eq(recoveryCode.operatorId, operatorId));
    if (hashes.length > 0) {
      await tx.insert(recoveryCode).values(hashes.map((sha256) => ({ operatorId, sha256 })));
    }
  }

  /** @returns whether it was there and unused: of two at once, one is right */
  async take(db: Executor, operatorId: string, sha256: Buffer, now: Date): Promise<boolean> {
    const rows = await db
      .update(recoveryCode)
      .set({ usedAt: now })
      .where(
        and(
          eq(recoveryCode.operatorId, operatorId),
          eq(recoveryCode.sha256, sha256),
          isNull(recoveryCode.usedAt),
        ),
      )
      .returning({ operatorId: recoveryCode.operatorId });
    return rows.length > 0;
  }

  async countLeft(db: Executor, operatorId: string): Promise<number> {
    const [row] = await db
      .select({ n: sql<number>`count(*)::int` })
      .from(recoveryCode)
      .where(and(eq(recoveryCode.operatorId, operatorId), isNull(recoveryCode.usedAt)));
    return row?.n ?? 0;
  }
}
