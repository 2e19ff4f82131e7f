import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { MailAddress } from '#kernel/input/address.js';
import { newId } from '#kernel/ids.js';
import { ImportRepository } from '../../operator/import.repository.js';
import type { Subscriber } from '../../subscribers/reader.repository.js';
import { UnsubscribeService } from '../../reader/unsubscribe.service.js';
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
    private readonly leaving: UnsubscribeService,
  ) {}

  /**
   * Who is active or waits here has decided so here, and stays; but for whom another line of the file has brought in.
   * @param times when the import began, and now
   */
  async write(
    tx: Executor,
    publicationId: string,
    gone: readonly GoneReader[],
    { now, since }: { now: Date; since: Date },
  ): Promise<{ suppressed: number; skipped: BatchOutcome['skipped'] }> {
    if (gone.length === 0) return { suppressed: 0, skipped: [] };
    const known = await this.imports.lockByAddress(
      tx,
      publicationId,
      gone.map(({ email }) => email.normalised),
    );
    const skipped: BatchOutcome['skipped'] = [];
    const broughtIn = [...known.values()].filter((reader) => isBroughtIn(reader, since));
    await this.leaving.takeOut(
      tx,
      broughtIn.map(({ id }) => id),
    );
    const hashes = new Map<string, { line: number; addressHmac: Buffer }>();
    for (const { line, email } of gone) {
      const reader = known.get(email.normalised);
      if (reader && isHere(reader) && !isBroughtIn(reader, since))
        skipped.push({ line, code: 'already-here' });
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

const isHere = ({ status }: Subscriber) => status === 'active' || status === 'pending';

const isBroughtIn = (reader: Subscriber, since: Date) =>
  isHere(reader) && reader.source === 'import' && reader.createdAt >= since;
