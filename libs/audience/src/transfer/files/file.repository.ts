import { Injectable } from '@nestjs/common';
import { and, eq, lt, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { storedFile, storedPiece } from '#database/schema/index.js';

export type StoredFile = typeof storedFile.$inferSelect;

/** Files in pieces. */
@Injectable()
export class FileRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Executor, row: StoredFile): Promise<void> {
    await tx.insert(storedFile).values(row);
  }

  async addPiece(tx: Executor, fileId: string, number: number, data: Buffer): Promise<void> {
    await tx.insert(storedPiece).values({ fileId, number, data });
    await tx
      .update(storedFile)
      .set({ size: sql`${storedFile.size} + ${data.length}` })
      .where(eq(storedFile.id, fileId));
  }

  async change(tx: Executor, id: string, change: Partial<StoredFile>): Promise<void> {
    await tx.update(storedFile).set(change).where(eq(storedFile.id, id));
  }

  async find(publicationId: string, id: string): Promise<StoredFile | undefined> {
    const [row] = await this.database.db
      .select()
      .from(storedFile)
      .where(and(eq(storedFile.publicationId, publicationId), eq(storedFile.id, id)));
    return row;
  }

  async piece(fileId: string, number: number): Promise<Buffer | undefined> {
    const [row] = await this.database.db
      .select({ data: storedPiece.data })
      .from(storedPiece)
      .where(and(eq(storedPiece.fileId, fileId), eq(storedPiece.number, number)));
    return row?.data;
  }

  async delete(tx: Executor, id: string): Promise<void> {
    await tx.delete(storedFile).where(eq(storedFile.id, id));
  }

  async deleteExpired(now: Date): Promise<void> {
    await this.database.db.delete(storedFile).where(lt(storedFile.expiresAt, now));
  }
}
