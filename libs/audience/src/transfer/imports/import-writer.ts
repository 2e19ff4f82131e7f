import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Choices } from '../../choices/choices.js';
import { localDay } from '../../choices/pause.js';
import { ImportBatch } from '../../operator/import-batch.js';
import type { ImportRow } from '../../operator/import-row.js';
import { PublicationService } from '../../publication/publication.service.js';
import type { Publication } from '../../publication/publication.schema.js';
import { TermsService, type Terms } from '../../publication/terms.service.js';
import type { ColumnMapping } from '../formats/fields.js';
import type { FormatName } from '../formats/formats.js';
import type { Reading } from '../formats/read-person.js';
import { GoneBatch, type GoneReader } from './gone-batch.js';
import type { ImportJob } from './import-job.repository.js';
import type { ImportSettings } from './import.schemas.js';
import type { Tally } from './tally.js';

/** What holds for all lines of an import. */
export interface Surroundings {
  publication: Publication;
  reading: Reading;
  consent: { source: string; at?: Date | undefined };
  /** When the import began: who was made by a file since then was made by this one, or one beside it. */
  since: Date;
  /** By locale; filled as they are needed. */
  termsOf: Map<string, Terms>;
}

/** Writes a batch of an import in the caller's transaction. */
@Injectable()
export class ImportWriter {
  constructor(
    private readonly publications: PublicationService,
    private readonly choices: Choices,
    private readonly terms: TermsService,
    private readonly batch: ImportBatch,
    private readonly gone: GoneBatch,
    private readonly clock: Clock,
  ) {}

  async surroundings(job: ImportJob): Promise<Surroundings> {
    const publication = await this.publications.current();
    const now = this.clock.now();
    const { source = '', where, at } = job.consent ?? {};
    return {
      publication,
      reading: {
        format: job.format as FormatName,
        mapping: job.mapping as ColumnMapping[],
        settings: job.settings as ImportSettings,
        offer: await this.choices.offer(publication.id),
        today: localDay(now, publication.timeZone),
        now,
      },
      consent: { source: where ? `${source} (${where})` : source, at: at ? new Date(at) : undefined },
      since: job.startedAt ?? now,
      termsOf: new Map(),
    };
  }

  /** Looks up what these readers agreed to; before the transaction, of which the embedded database has one at a time. */
  async prepare({ publication, termsOf }: Surroundings, rows: readonly ImportRow[]): Promise<void> {
    for (const locale of new Set(rows.map((row) => row.locale ?? publication.locale))) {
      if (!termsOf.has(locale)) termsOf.set(locale, await this.terms.current(locale));
    }
  }

  /** Those who left go first: who is in the file twice is not subscribed by the other line. */
  async write(
    tx: Executor,
    { publication, reading, consent, termsOf, since }: Surroundings,
    rows: ImportRow[],
    gone: GoneReader[],
    tally: Tally,
  ): Promise<void> {
    const now = this.clock.now();
    const left = await this.gone.write(tx, publication.id, gone, { now, since });
    tally.add({ suppressed: left.suppressed });
    for (const { line, code } of left.skipped) tally.skip(line, code);
    if (rows.length === 0) return;
    const { offer } = reading;
    const outcome = await this.batch.write(tx, { rows, publication, offer, consent, termsOf, now });
    tally.add({ made: outcome.imported, updated: outcome.updated });
    for (const { line, code } of outcome.skipped) tally.skip(line, code);
  }
}
