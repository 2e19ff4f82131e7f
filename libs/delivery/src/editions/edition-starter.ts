import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { inOneGo } from '#database/prepared.js';
import { EditionPauses } from '#digest/clock/edition-pauses.js';
import { moveEdition } from '#digest/model/edition-states.js';
import { OperatorNotices } from '#digest/clock/operator-notices.js';
import { WaveService } from '#digest/selection/wave.service.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { DeliveryRepository } from './delivery.repository.js';
import { FreezeRepository } from './freeze.repository.js';

/** Freezes the waves of editions and sets their batches going. */
@Injectable()
export class EditionStarter {
  constructor(
    private readonly waves: WaveService,
    private readonly freezer: FreezeRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly publications: PublicationService,
    private readonly pauses: EditionPauses,
    private readonly notices: OperatorNotices,
    private readonly database: Database,
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
    const frozen = await inOneGo(this.database, async (tx) => {
      const chosen = await this.waves.choose(tx, publication, editionId);
      if (!chosen) return null; // nobody is due yet
      const now = this.clock.now();
      const rows = await this.freezer.freeze(tx, { editionId, wave: chosen.wave, now });
      await this.waves.close(tx, chosen, rows.recipients, rows.batches);
      return { ...rows, wave: chosen.wave, again: chosen.nextAt !== null && chosen.nextAt <= now };
    });
    if (!frozen) return;
    const { wave, recipients, from, again } = frozen;
    this.log.info('wave frozen', { edition: editionId, wave, recipients, batches: frozen.batches - from });
    if (recipients === 0) await this.deliveries.finishEdition(editionId, this.clock.now());
    // A queue that is down takes none of them; the tick enqueues what is due.
    const batches = Array.from({ length: frozen.batches - from }, (_, at) => ({
      editionId,
      batch: from + at,
    }));
    await this.queue.enqueueAll('edition.deliver', batches);
    if (again) await this.queue.enqueue('edition.prepare', { editionId });
  }

  /** Stops an edition that cannot be prepared, with the reason for the operator: for good, or if some have got it, until resumed. */
  async fail(editionId: string, reason: string): Promise<void> {
    const mailIds = await this.database.transaction(async (tx) => {
      const changes = { nextWaveAt: null, statusReason: reason, updatedAt: this.clock.now() };
      if (await moveEdition(tx, editionId, 'fail', changes)) return [];
      const waits = await tx.execute(sql`
        SELECT 1 AS one FROM edition WHERE id = ${editionId} AND status = 'sending' AND next_wave_at IS NOT NULL FOR UPDATE`);
      return rowsOf(waits).length > 0 ? ((await this.pauses.pause(tx, editionId, reason)) ?? []) : [];
    });
    await this.notices.announce(mailIds);
  }
}
