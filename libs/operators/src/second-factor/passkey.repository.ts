import { Injectable } from '@nestjs/common';
import { and, asc, eq } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { passkey } from '#database/schema/index.js';

export type StoredPasskey = typeof passkey.$inferSelect;

/** The SQL of passkeys. */
@Injectable()
export class PasskeyRepository {
  async list(db: Executor, operatorId: string): Promise<StoredPasskey[]> {
    return db.select().from(passkey).where(eq(passkey.operatorId, operatorId)).orderBy(asc(passkey.id));
  }

  async findByCredential(db: Executor, credentialId: string): Promise<StoredPasskey | undefined> {
    const [row] = await db.select().from(passkey).where(eq(passkey.credentialId, credentialId));
    return row;
  }

  /** @returns whether it is new */
  async insert(db: Executor, row: typeof passkey.$inferInsert): Promise<boolean> {
    const rows = await db.insert(passkey).values(row).onConflictDoNothing().returning({ id: passkey.id });
    return rows.length > 0;
  }

  async used(db: Executor, id: string, counter: number, now: Date): Promise<void> {
    await db.update(passkey).set({ counter, lastUsedAt: now }).where(eq(passkey.id, id));
  }

  /** @param id undefined: all of them. @returns whether there was one */
  async delete(db: Executor, operatorId: string, id?: string): Promise<boolean> {
    const rows = await db
      .delete(passkey)
      .where(and(eq(passkey.operatorId, operatorId), id ? eq(passkey.id, id) : undefined))
      .returning({ id: passkey.id });
    return rows.length > 0;
  }
}
