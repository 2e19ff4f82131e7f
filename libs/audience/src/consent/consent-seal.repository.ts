import { Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, gt, gte, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import {
  consent,
  consentEvidence,
  consentSeal,
  consentSealRow,
  subscriber,
  termsVersion,
} from '#database/schema/index.js';
import type { ConsentRow, EvidenceRow } from './consent-hash.js';
import { LOCKS } from '../publication/locks.js';

export type Seal = typeof consentSeal.$inferSelect;

/** A consent row with everything that is needed to check it. */
export interface RowToCheck {
  row: ConsentRow;
  evidence: EvidenceRow | null;
  termsSha256: string | null;
  /** The person is still a subscriber, so their evidence must still be there. */
  known: boolean;
}

export interface SealedRowToCheck {
  consentId: string;
  position: number;
  /** Null: the ledger has lost the row. */
  check: RowToCheck | null;
}

const toCheck = {
  row: consent,
  evidence: consentEvidence,
  termsSha256: termsVersion.sha256,
  subscriberId: subscriber.id,
};

/** The seals over the consent ledger. */
@Injectable()
export class ConsentSealRepository {
  constructor(private readonly database: Database) {}

  /** Lets one process seal at a time, to the end of the transaction. @returns false when another one is at it */
  async tryLock(tx: Executor): Promise<boolean> {
    const [row] = await tx
      .select({ got: sql<boolean>`pg_try_advisory_xact_lock(${LOCKS.seal})` })
      .from(sql`(SELECT 1) AS one`);
    return row?.got === true;
  }

  async last(publicationId: string, db: Executor = this.database.db): Promise<Seal | undefined> {
    const [row] = await db
      .select()
      .from(consentSeal)
      .where(eq(consentSeal.publicationId, publicationId))
      .orderBy(desc(consentSeal.number))
      .limit(1);
    return row;
  }

  /** The newest row in a seal. */
  async newestIn(tx: Executor, sealId: string): Promise<string | undefined> {
    const [row] = await tx
      .select({ id: consentSealRow.consentId })
      .from(consentSealRow)
      .where(eq(consentSealRow.sealId, sealId))
      .orderBy(desc(consentSealRow.position))
      .limit(1);
    return row?.id;
  }

  /** Rows that no seal holds, oldest first. @param from only rows with this id or a later one */
  async unsealed(
    tx: Executor,
    publicationId: string,
    from: string | undefined,
    limit: number,
  ): Promise<{ id: string; rowSha256: string }[]> {
    return tx
      .select({ id: consent.id, rowSha256: consent.rowSha256 })
      .from(consent)
      .leftJoin(consentSealRow, eq(consentSealRow.consentId, consent.id))
      .where(
        and(
          eq(consent.publicationId, publicationId),
          isNull(consentSealRow.consentId),
          from ? gte(consent.id, from) : undefined,
        ),
      )
      .orderBy(asc(consent.id))
      .limit(limit);
  }

  /** Writes a seal and where each row stands in it, counted from 1. */
  async insert(tx: Executor, seal: Seal, consentIds: string[]): Promise<void> {
    await tx.insert(consentSeal).values(seal);
    await tx.execute(sql`
      INSERT INTO consent_seal_row (consent_id, seal_id, position)
      SELECT r.id::uuid, ${seal.id}::uuid, r.position
      FROM jsonb_array_elements_text(${JSON.stringify(consentIds)}::jsonb) WITH ORDINALITY AS r (id, position)`);
  }

  /** Seals in order, from after a number. */
  async seals(publicationId: string, after: number, limit: number): Promise<Seal[]> {
    return this.database.db
      .select()
      .from(consentSeal)
      .where(and(eq(consentSeal.publicationId, publicationId), gt(consentSeal.number, after)))
      .orderBy(asc(consentSeal.number))
      .limit(limit);
  }

  /** The rows of a seal in order, from after a position, with what is left of each. */
  async sealedRows(sealId: string, after: number, limit: number): Promise<SealedRowToCheck[]> {
    const rows = await this.database.db
      .select({ consentId: consentSealRow.consentId, position: consentSealRow.position, ...toCheck })
      .from(consentSealRow)
      .leftJoin(consent, eq(consent.id, consentSealRow.consentId))
      .leftJoin(consentEvidence, eq(consentEvidence.consentId, consentSealRow.consentId))
      .leftJoin(termsVersion, eq(termsVersion.id, consent.termsVersionId))
      .leftJoin(subscriber, eq(subscriber.id, consent.subscriberId))
      .where(and(eq(consentSealRow.sealId, sealId), gt(consentSealRow.position, after)))
      .orderBy(asc(consentSealRow.position))
      .limit(limit);
    return rows.map(({ consentId, position, row, evidence, termsSha256, subscriberId }) => ({
      consentId,
      position,
      check: row ? { row, evidence, termsSha256, known: subscriberId !== null } : null,
    }));
  }

  /** Rows that no seal up to a number holds, by id, from after an id. */
  async rowsOutside(
    publicationId: string,
    uptoSeal: number,
    after: string | undefined,
    limit: number,
  ): Promise<RowToCheck[]> {
    const rows = await this.database.db
      .select(toCheck)
      .from(consent)
      .leftJoin(consentSealRow, eq(consentSealRow.consentId, consent.id))
      .leftJoin(
        consentSeal,
        and(eq(consentSeal.id, consentSealRow.sealId), lte(consentSeal.number, uptoSeal)),
      )
      .leftJoin(consentEvidence, eq(consentEvidence.consentId, consent.id))
      .leftJoin(termsVersion, eq(termsVersion.id, consent.termsVersionId))
      .leftJoin(subscriber, eq(subscriber.id, consent.subscriberId))
      .where(
        and(
          eq(consent.publicationId, publicationId),
          isNull(consentSeal.id),
          after ? gt(consent.id, after) : undefined,
        ),
      )
      .orderBy(asc(consent.id))
      .limit(limit);
    return rows.map(({ row, evidence, termsSha256, subscriberId }) => ({
      row,
      evidence,
      termsSha256,
      known: subscriberId !== null,
    }));
  }

  /** Seals that are gone though their places are there, and how many places each had. */
  async orphanedPlaces(): Promise<{ sealId: string; rows: number }[]> {
    return this.database.db
      .select({ sealId: consentSealRow.sealId, rows: count() })
      .from(consentSealRow)
      .leftJoin(consentSeal, eq(consentSeal.id, consentSealRow.sealId))
      .where(isNull(consentSeal.id))
      .groupBy(consentSealRow.sealId)
      .limit(100);
  }

  /** Evidence whose row is gone. */
  async orphanedEvidence(limit: number): Promise<string[]> {
    const rows = await this.database.db
      .select({ id: consentEvidence.consentId })
      .from(consentEvidence)
      .leftJoin(consent, eq(consent.id, consentEvidence.consentId))
      .where(and(isNull(consent.id), isNotNull(consentEvidence.consentId)))
      .orderBy(asc(consentEvidence.consentId))
      .limit(limit);
    return rows.map((row) => row.id);
  }

  async terms(publicationId: string): Promise<(typeof termsVersion.$inferSelect)[]> {
    return this.database.db
      .select()
      .from(termsVersion)
      .where(eq(termsVersion.publicationId, publicationId))
      .orderBy(asc(termsVersion.id));
  }
}
