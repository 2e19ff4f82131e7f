import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { PublicationService, type Publication } from '#audience/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/logger.js';
import { Metrics } from '#kernel/metrics.js';
import { TokenSigner } from '#kernel/tokens.js';
import type { JobContext } from '#queue/job-handler.js';
import { ClaimedChunk, type ChunkParts } from './claimed-chunk.js';
import { DeliveryRepository, type EditionForSending } from './delivery.repository.js';
import { EditionPlates } from './edition-plates.js';
import { ClaimJournal } from './journal.js';
import { thisMoment } from './lease.js';
import { THIS_PROCESS } from './process-identity.js';
import { Transport } from './transport.js';

/** Rows claimed at once: one claim and a few outcome statements are shared by so many messages. */
const CHUNK = 250;

export interface BatchResult {
  /** When a row of this batch is due again, the earliest; null: none waits, or the edition is not sending. */
  retryAt: Date | null;
}

/** Sends one batch of an edition, chunk by chunk, until none of its rows is due. */
@Injectable()
export class BatchSender {
  private readonly parts: ChunkParts;

  constructor(
    private readonly repository: DeliveryRepository,
    plates: EditionPlates,
    private readonly publications: PublicationService,
    private readonly transport: Transport,
    signer: TokenSigner,
    private readonly clock: Clock,
    private readonly config: Config,
    metrics: Metrics,
    private readonly log: Log,
  ) {
    this.parts = { repository, plates, transport, signer, clock, metrics, log };
  }

  async send(editionId: string, batch: number, { signal, deadline }: JobContext): Promise<BatchResult> {
    const edition = await this.repository.editionForSending(editionId);
    if (!edition) return { retryAt: null };
    const publication = await this.publications.current();
    const breakOff = () => this.transport.breakOff();
    deadline.addEventListener('abort', breakOff);
    try {
      // Rows are not claimed only to be put back while the mail server is away.
      while (!signal.aborted && this.transport.restMs() === 0) {
        if (!(await this.sendChunk(edition, publication, batch, signal))) break;
      }
    } finally {
      deadline.removeEventListener('abort', breakOff);
    }
    if (await this.repository.finishEdition(editionId, this.clock.now())) {
      this.log.info('edition sent', { edition: editionId });
    }
    return { retryAt: await this.nextTry(editionId, batch) };
  }

  /** @returns whether there may be more to send now */
  private async sendChunk(
    edition: EditionForSending,
    publication: Publication,
    batch: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const token = newId();
    const { dataDir, leaseMs } = this.config;
    const folder = join(dataDir, 'journal');
    const journal = ClaimJournal.open(folder, { of: 'edition', id: edition.id, token }, THIS_PROCESS);
    try {
      const claimedAt = thisMoment();
      const now = this.clock.now();
      const rows = await this.repository.claimDue(edition.id, batch, CHUNK, token, leaseMs, now);
      const chunk = new ClaimedChunk(
        this.parts,
        { edition, publication, token, rows, claimedAt, leaseMs, journal },
        signal,
      );
      const failure = rows.length > 0 ? await chunk.run() : undefined;
      journal.close('remove');
      if (failure) throw failure;
      return rows.length > 0 && !chunk.stopped;
    } finally {
      journal.close('keep'); // what it knows is settled when the lease has run out
    }
  }

  private async nextTry(editionId: string, batch: number): Promise<Date | null> {
    const due = await this.repository.nextDue(editionId, batch);
    const rested = new Date(this.clock.now().getTime() + this.transport.restMs());
    return due && due < rested ? rested : due;
  }
}
