import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { ImportRepository } from '../../operator/import.repository.js';
import type { ImportRow } from '../../operator/import-row.js';
import { AddressHasher } from '../../suppression/address-hasher.js';
import { SuppressionRepository } from '../../suppression/suppression.repository.js';
import type { GoneReader } from './gone-batch.js';
import type { Seen } from './seen.js';
import type { Tally } from './tally.js';

/** Says what would come of readers, and writes nothing. */
@Injectable()
export class Forecast {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly hasher: AddressHasher,
  ) {}

  async judge(
    publicationId: string,
    rows: readonly ImportRow[],
    gone: readonly GoneReader[],
    seen: Seen,
    tally: Tally,
  ): Promise<void> {
    const { db } = this.database;
    const all = [...rows, ...gone];
    const hashes = await Promise.all(all.map(({ email }) => this.hasher.hash(email.normalised)));
    const suppressed = new Set(
      (await this.suppressions.among(publicationId, hashes, db)).map(({ addressHmac }) =>
        addressHmac.toString('hex'),
      ),
    );
    const statuses = await this.imports.statuses(
      publicationId,
      all.map(({ email }) => email.normalised),
    );
    const isSuppressed = (index: number) => suppressed.has(hashes[index]?.toString('hex') ?? '');
    for (const [index, { line, email, status }] of rows.entries()) {
      const here = statuses.get(email.normalised);
      const isKnown = seen.add(hashes[index] ?? Buffer.alloc(32));
      if (isSuppressed(index)) tally.skip(line, 'suppressed');
      else if (here && here !== 'active' && here !== 'pending') tally.skip(line, here);
      else if (here && status !== 'active' && status !== 'pending') tally.skip(line, 'already-here');
      else tally.add(here || isKnown ? { updated: 1 } : { made: 1 });
    }
    for (const [index, { line, email }] of gone.entries()) {
      const here = statuses.get(email.normalised);
      if (here === 'active' || here === 'pending') tally.skip(line, 'already-here');
      else if (isSuppressed(rows.length + index)) tally.skip(line, 'suppressed');
      else tally.add({ suppressed: 1 });
    }
  }
}
