import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EditionService } from '#digest/operator/edition.service.js';
import { HeldSends } from '#digest/operator/held-sends.service.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { DELIVERY_EXPIRY_MS } from '../outcomes/backoff.js';
import { ClaimRecovery } from './claim-recovery.js';
import type { Claim } from '../claims/journal.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { BatchJobs, urgency } from '../editions/batch-jobs.js';
import { DeliveryRepository } from '../editions/delivery.repository.js';

/** Hints given per tick; what is left over waits for the next one. */
const MAILS_PER_TICK = 2_000;
const BATCHES_PER_TICK = 500;
/** A mail younger than this has a job of its own on the way. */
const MAIL_GRACE_MS = 30_000;
/** Hints of this process: the same one is not given twice while it waits, and none of a dead process stands in the way. */
const RUN = newId();

/** Takes over the claims of the dead: once before this process makes one of its own, and at every tick. */
@Injectable()
@OnTick({ order: 5 })
export class RecoveryTick implements TickTask, OnApplicationBootstrap {
  readonly name = 'recovery';

  constructor(
    private readonly recovery: ClaimRecovery,
    private readonly deliveries: DeliveryRepository,
    private readonly queue: JobQueue,
    private readonly batches: BatchJobs,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Not by the tick's job, which may run on another machine than the journals lie on, or beside the first claims. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.hint(await this.recovery.atBoot());
    } catch (error) {
      this.log.error('dead claims could not be taken over at the start; their leases will run out', error);
    }
  }

  async run(): Promise<void> {
    await this.hint(await this.recovery.run());
  }

  /** What a dead process held has no job on the way, and need not wait for the next tick to get one. */
  private async hint(settled: readonly Claim[]): Promise<void> {
    if (settled.length === 0) return;
    for (const { id } of settled.filter((claim) => claim.of === 'mail')) {
      if (!(await this.queue.enqueue('mail.send', { mailId: id }))) return;
    }
    const editions = new Set(settled.filter((claim) => claim.of === 'edition').map((claim) => claim.id));
    for (const due of await this.deliveries.findDueBatches(this.clock.now(), BATCHES_PER_TICK)) {
      if (editions.has(due.editionId) && !(await this.batches.add(due))) return;
    }
  }
}

/** Finds mails the queue has lost. */
@Injectable()
@OnTick({ order: 10 })
export class OutboxTick implements TickTask {
  readonly name = 'outbox';
  private booted = false;

  constructor(
    private readonly repository: OutboxRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    await this.repository.expire(now);
    const dueBy = this.booted ? new Date(now.getTime() - MAIL_GRACE_MS) : now;
    for (const mailId of await this.repository.findDue(dueBy, MAILS_PER_TICK)) {
      if (!(await this.queue.enqueue('mail.send', { mailId }, { dedupeKey: `${RUN}-${mailId}` }))) return;
    }
    this.booted = true;
  }
}

/** Starts editions whose time has come and those whose preparing was lost. */
@Injectable()
@OnTick({ order: 20 })
export class EditionsTick implements TickTask {
  readonly name = 'editions';

  constructor(
    private readonly editions: EditionService,
    private readonly held: HeldSends,
    private readonly queue: JobQueue,
  ) {}

  async run(): Promise<void> {
    await this.held.release();
    await this.editions.startDue();
    for (const { id: editionId, kind } of await this.editions.findPreparing()) {
      const options = { dedupeKey: `${RUN}-${editionId}`, ...urgency(kind) };
      await this.queue.enqueue('edition.prepare', { editionId }, options);
    }
  }
}

/** Expires what is too old, ends what was cancelled, hints at batches that are due and closes finished editions. */
@Injectable()
@OnTick({ order: 30 })
export class DeliveriesTick implements TickTask {
  readonly name = 'deliveries';

  constructor(
    private readonly repository: DeliveryRepository,
    private readonly batches: BatchJobs,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    await this.repository.expire(new Date(now.getTime() - DELIVERY_EXPIRY_MS), now);
    await this.repository.suppressAllCancelled();
    for (const due of await this.repository.findDueBatches(now, BATCHES_PER_TICK)) {
      const dedupeKey = `${RUN}-${due.editionId}-${due.batch}`;
      if (!(await this.batches.add(due, { dedupeKey }))) return;
    }
    for (const editionId of await this.repository.findSending())
      await this.repository.finishEdition(editionId, now);
  }
}
