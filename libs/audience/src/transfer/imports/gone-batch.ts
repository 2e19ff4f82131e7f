import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { MailAddress } from '#kernel/input/address.js';
import { newId } from '#kernel/ids.js';
import { ImportRepository } from '../../operator/import.repository.js';
import { AddressHasher } from '../../suppression/address-hasher.js';
import { SuppressionRepository } from '../../suppression/suppression.repository.js';
import type { BatchOutcome } from '../../operator/import-batch.js';

export interface GoneReader {
  line: number;
  email: MailAddress;
}

/** Suppresses those who left elsewhere, of whom nothing but the hash of their address is kept. */
@Injectable()
export class GoneBatch {
  constructor(
    private readonly imports: ImportRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly hasher: AddressHasher,
  ) {}

  /** Who is active or waits here has decided so here, and stays. */
  async write(
    tx: Executor,
    publicationId: string,
    gone: readonly GoneReader[],
    now: Date,
  ): Promise<{ suppressed: number; skipped: BatchOutcome['skipped'] }> {
    if (gone.length === 0) return { suppressed: 0, skipped: [] };
    const known = await this.imports.lockByAddress(
      tx,
      publicationId,
      gone.map(({ email }) => email.normalised),
    );
    const skipped: BatchOutcome['skipped'] = [];
    const hashes = new Map<string, { line: number; addressHmac: Buffer }>();
    for (const { line, email } of gone) {
      const status = known.get(email.normalised)?.status;
      if (status === 'active' || status === 'pending') skipped.push({ line, code: 'already-here' });
      else hashes.set(email.normalised, { line, addressHmac: await this.hasher.hash(email.normalised) });
    }
    const all = [...hashes.values()];
    const before = await this.suppressions.among(
      publicationId,
      all.map(({ addressHmac }) => addressHmac),
      tx,
    );
    const there = new Set(before.map(({ addressHmac }) => addressHmac.toString('hex')));
    const fresh = all.filter(({ addressHmac }) => !there.has(addressHmac.toString('hex')));
    await this.suppressions.insert(
      tx,
      fresh.map(({ addressHmac }) => ({
        id: newId(),
        publicationId,
        addressHmac,
        reason: 'import',
        note: null,
        returnedItemId: null,
        createdAt: now,
      })),
    );
    const doubles = gone.length - skipped.length - all.length;
    for (const { line, addressHmac } of all) {
      if (there.has(addressHmac.toString('hex'))) skipped.push({ line, code: 'suppressed' });
    }
    return { suppressed: fresh.length + doubles, skipped };
  }
}
