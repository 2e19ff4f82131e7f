import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import { inOneGo } from '#database/prepared.js';
import { EditionPauses } from '#digest/clock/edition-pauses.js';
import { FrozenWaves } from '#digest/selection/frozen-waves.js';
import { WaveService } from '#digest/selection/wave.service.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { BatchJobs, urgency } from './batch-jobs.js';
import { DeliveryRepository } from './delivery.repository.js';
import { FreezeRepository } from './freeze.repository.js';

/** Freezes the waves of editions and sets their batches going. */
@Injectable()
export class EditionStarter {
  constructor(
    private readonly waves: WaveService,
    private readonly freezer: FreezeRepository,
    private readonly frozen: FrozenWaves,
    private readonly deliveries: DeliveryRepository,
    private readonly publications: PublicationService,
    private readonly pauses: EditionPauses,
    private readonly database: Database,
    private readonly batches: BatchJobs,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Freezes the wave of an edition that is due: choosing, compiling and the ledger's rows are one transaction. A second run finds
   * nothing to do.
   * @throws DomainError as `WaveService.choose`
   */
  async start(editionId: string): Promise<void> {
    // Before the transaction: the embedded database runs one at a time, and nothing beside it.
    const publication = await this.publications.current();
    const made = await inOneGo(this.database, async (tx) => {
      const chosen = await this.waves.choose(tx, publication, editionId);
      if (!chosen) return null; // nobody is due yet
      const rows = await this.freezer.freeze(tx, { editionId, wave: chosen.wave, now: this.clock.now() });
      await this.frozen.note(tx, chosen, rows);
      return { chosen, rows };
    });
    if (!made) return;
    const { chosen, rows } = made;
    const { wave, nextAt, edition } = chosen;
    const { recipients, from, batches } = rows;
    this.log.info('wave frozen', { edition: editionId, wave, recipients, batches: batches - from });
    if (recipients === 0) await this.deliveries.finishEdition(editionId, this.clock.now());
    await this.batches.start(editionId, edition.kind, from, batches);
    if (!nextAt || nextAt > this.clock.now()) return;
    await this.queue.enqueue('edition.prepare', { editionId }, urgency(edition.kind));
  }

  /** Stops an edition that cannot be prepared, with the reason for the operator. */
  async fail(editionId: string, reason: string): Promise<void> {
    await this.pauses.giveUp(editionId, reason);
  }
}
