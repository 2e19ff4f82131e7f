import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { idFromBytes, idToBytes, newId } from '#kernel/ids.js';
import { GENESIS_SHA256, SealHash } from './consent-hash.js';
import { ConsentSealRepository } from './consent-seal.repository.js';
import { PublicationService } from '../publication/publication.service.js';

/** Rows in one seal: small enough for one short transaction. */
const MAX_ROWS = 10_000;
/** A usual run looks back so far: ids rise with time, but a transaction may commit late. */
const LOOK_BACK_MS = 3_600_000;
/** Every so often a run looks at the whole ledger instead, in case a row was committed even later. */
const THOROUGH_EVERY_MS = 3_600_000;

export interface SealRun {
  seals: number;
  rows: number;
  /** The last seal now; null: there is none. Keep it elsewhere to find out a truncated tail later. */
  head: { number: number; sha256: string } | null;
}

/**
 * Seals new consent rows in batches, each seal hashing its rows and the seal before. A chain on every insert would make
 * sign-ups queue up; this way they never wait.
 */
@Injectable()
export class ConsentSealer {
  private thoroughAfter = 0;

  constructor(
    private readonly database: Database,
    private readonly seals: ConsentSealRepository,
    private readonly publications: PublicationService,
  ) {}

  /**
   * Seals whatever is not sealed yet. Several processes may call it at once: one does the work.
   * @param now written into the seal
   */
  async seal(now: Date): Promise<SealRun> {
    const { id: publicationId } = await this.publications.current();
    const thorough = performance.now() >= this.thoroughAfter;
    let seals = 0;
    let rows = 0;
    for (let full = true; full;) {
      const sealed = await this.database.transaction((tx) => this.sealOnce(tx, publicationId, now, thorough));
      seals += sealed > 0 ? 1 : 0;
      rows += sealed;
      full = sealed === MAX_ROWS;
    }
    if (thorough) this.thoroughAfter = performance.now() + THOROUGH_EVERY_MS;
    const last = await this.seals.last(publicationId);
    return { seals, rows, head: last ? { number: last.number, sha256: last.sha256 } : null };
  }

  private async sealOnce(tx: Executor, publicationId: string, now: Date, thorough: boolean): Promise<number> {
    if (!(await this.seals.tryLock(tx))) return 0;
    const last = await this.seals.last(publicationId, tx);
    const newest = last && !thorough ? await this.seals.newestIn(tx, last.id) : undefined;
    const from = newest && idAround(newest, -LOOK_BACK_MS);
    const rows = await this.seals.unsealed(tx, publicationId, from, MAX_ROWS);
    if (rows.length === 0) return 0;
    const head = {
      id: newId(),
      publicationId,
      number: (last?.number ?? 0) + 1,
      previousSha256: last?.sha256 ?? GENESIS_SHA256,
      createdAt: now,
    };
    const hash = new SealHash(head);
    for (const row of rows) hash.add(row.id, row.rowSha256);
    const seal = { ...head, rowCount: rows.length, sha256: hash.digest() };
    await this.seals.insert(
      tx,
      seal,
      rows.map((row) => row.id),
    );
    return rows.length;
  }
}

/** The lowest id (UUID version 7, RFC 9562 §5.7: milliseconds first) made so long before or after another. */
export function idAround(id: string, milliseconds: number): string {
  const time = idToBytes(id).readUIntBE(0, 6) + milliseconds;
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.max(0, time), 0, 6);
  return idFromBytes(bytes);
}
