import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { and, eq, lte, ne, notInArray, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { publishedRecord } from '#database/schema/index.js';

/** The row that says when the records were last looked at. No check is called so. */
const TURN = '';

/** What was found published. */
export interface PublishedRecord {
  /** The check and what it is about: `spf example.org`. */
  check: string;
  found: string;
}

/** What was found published in DNS last. */
@Injectable()
export class PublishedRecordRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes the turn to look, unless somebody did since `before`. Who never looked begins to count now, so that the first look
   * is as late as any other.
   * @param next what counts as the last look until {@link note} says otherwise: if it is never said, the turn is free again
   * @returns whether it was taken
   */
  async takeTurn(publicationId: string, turn: { now: Date; before: Date; next: Date }): Promise<boolean> {
    const first = { publicationId, check: TURN, fingerprint: '', found: '', checkedAt: turn.now };
    const { db } = this.database;
    const made = await db.insert(publishedRecord).values(first).onConflictDoNothing().returning();
    if (made.length > 0) return false;
    const taken = await db
      .update(publishedRecord)
      .set({ checkedAt: turn.next })
      .where(and(isTurn(publicationId), lte(publishedRecord.checkedAt, turn.before)))
      .returning();
    return taken.length > 0;
  }

  /** What was found when they were last looked at, of each that DNS answered for. */
  async known(publicationId: string): Promise<PublishedRecord[]> {
    return this.database.db
      .select({ check: publishedRecord.check, found: publishedRecord.found })
      .from(publishedRecord)
      .where(and(eq(publishedRecord.publicationId, publicationId), ne(publishedRecord.check, TURN)));
  }

  /**
   * Notes what was found, and that somebody has looked.
   * @param asked every check that was made, also those that DNS did not answer for: what is noted of others is forgotten
   */
  async note(
    publicationId: string,
    { found, asked, now }: { found: readonly PublishedRecord[]; asked: readonly string[]; now: Date },
  ): Promise<void> {
    const rows = found.map((one) => ({
      publicationId,
      ...one,
      fingerprint: createHash('sha256').update(one.found).digest('hex'),
      checkedAt: now,
    }));
    const excluded = (column: string) => sql.raw(`excluded.${column}`);
    await this.database.transaction(async (tx) => {
      await tx
        .delete(publishedRecord)
        .where(
          and(
            eq(publishedRecord.publicationId, publicationId),
            notInArray(publishedRecord.check, [TURN, ...asked]),
          ),
        );
      if (rows.length > 0) {
        await tx
          .insert(publishedRecord)
          .values(rows)
          .onConflictDoUpdate({
            target: [publishedRecord.publicationId, publishedRecord.check],
            set: {
              fingerprint: excluded('fingerprint'),
              found: excluded('found'),
              checkedAt: excluded('checked_at'),
            },
          });
      }
      await tx.update(publishedRecord).set({ checkedAt: now }).where(isTurn(publicationId));
    });
  }
}

const isTurn = (publicationId: string) =>
  and(eq(publishedRecord.publicationId, publicationId), eq(publishedRecord.check, TURN));
