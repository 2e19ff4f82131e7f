import { Injectable } from '@nestjs/common';
import { and, arrayContains, arrayOverlaps, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { consent, consentEvidence } from '#database/schema/index.js';
import type { ConsentRow, EvidenceRow } from './consent-hash.js';
import type { PageQuery } from '#kernel/input/page.js';

export interface ConsentWithEvidence extends ConsentRow {
  evidence: Pick<EvidenceRow, 'address' | 'ip' | 'userAgent'> | null;
}

/** The rows of the consent ledger. There is no update and no delete: the database refuses both. */
@Injectable()
export class ConsentRepository {
  async insert(tx: Executor, rows: ConsentRow[], evidence: EvidenceRow[]): Promise<void> {
    if (rows.length > 0) await tx.insert(consent).values(rows);
    if (evidence.length > 0) await tx.insert(consentEvidence).values(evidence);
  }

  /** What the person last agreed to, when they signed up. */
  async latestGiven(tx: Executor, subscriberId: string): Promise<ConsentRow | undefined> {
    const [row] = await tx
      .select()
      .from(consent)
      .where(
        and(
          eq(consent.subscriberId, subscriberId),
          eq(consent.kind, 'given'),
          arrayContains(consent.purposes, ['newsletter']),
        ),
      )
      .orderBy(desc(consent.id))
      .limit(1);
    return row;
  }

  /** The same of several people. */
  async latestGivenOf(tx: Executor, subscriberIds: readonly string[]): Promise<Map<string, ConsentRow>> {
    if (subscriberIds.length === 0) return new Map();
    const rows = await tx
      .selectDistinctOn([consent.subscriberId])
      .from(consent)
      .where(
        and(
          inArray(consent.subscriberId, [...subscriberIds]),
          eq(consent.kind, 'given'),
          arrayContains(consent.purposes, ['newsletter']),
        ),
      )
      .orderBy(consent.subscriberId, desc(consent.id));
    return new Map(rows.map((row) => [row.subscriberId, row]));
  }

  /** What they last gave or withdrew that names one of these purposes. */
  async latestAbout(
    tx: Executor,
    subscriberId: string,
    purposes: readonly string[],
  ): Promise<ConsentRow | undefined> {
    const [row] = await tx
      .select()
      .from(consent)
      .where(
        and(
          eq(consent.subscriberId, subscriberId),
          inArray(consent.kind, ['given', 'withdrawn']),
          arrayOverlaps(consent.purposes, [...purposes]),
        ),
      )
      .orderBy(desc(consent.id))
      .limit(1);
    return row;
  }

  /** One page of a person's rows, newest first, with what is left of their evidence. Reads one row more. */
  async pageOf(db: Executor, subscriberId: string, page: PageQuery): Promise<ConsentWithEvidence[]> {
    const rows = await db
      .select()
      .from(consent)
      .where(
        and(eq(consent.subscriberId, subscriberId), page.cursor ? lt(consent.id, page.cursor) : undefined),
      )
      .orderBy(desc(consent.id))
      .limit(page.limit + 1);
    if (rows.length === 0) return [];
    const evidence = await db
      .select()
      .from(consentEvidence)
      .where(
        inArray(
          consentEvidence.consentId,
          rows.map((row) => row.id),
        ),
      );
    const byConsent = new Map(evidence.map((row) => [row.consentId, row]));
    return rows.map((row) => {
      const found = byConsent.get(row.id);
      return {
        ...row,
        evidence: found ? { address: found.address, ip: found.ip, userAgent: found.userAgent } : null,
      };
    });
  }

  /** The right to erasure, once the subscriber's row is deleted: the ledger keeps the salted hash only. */
  async eraseEvidence(tx: Executor, subscriberId: string): Promise<void> {
    await tx.execute(sql`SELECT erase_consent_evidence(${subscriberId}::uuid)`);
  }
}
