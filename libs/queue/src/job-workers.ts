import { BullRegistrar } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { ClockTicker } from './clock/clock-ticker.js';
import type { JobProcessor } from './jobs/job-processor.js';
import { JobProcessors } from './jobs/job-processors.js';
import { RunningJobs } from './jobs/running-jobs.js';
import { QueueStore } from './store/queue-store.js';
import { within } from './store/within.js';

/** Of SHUTDOWN_TIMEOUT, the share that what is in flight may take; the rest is for writing down what was broken off. */
const PATIENT_SHARE = 0.8;
/** Once no handler runs, how long BullMQ may take to tell the store so. If the store is gone it would wait for it. */
const FAREWELL_MS = 2_000;

/** Runs jobs in this process. */
@Injectable()
export class JobWorkers {
  private working: JobProcessor[] = [];
  private closed: Promise<void> | undefined;

  constructor(
    private readonly processors: JobProcessors,
    private readonly registrar: BullRegistrar,
    private readonly running: RunningJobs,
    private readonly store: QueueStore,
    private readonly ticker: ClockTicker,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** Begins taking jobs; call when the application is up. @throws Error when a job has no processor, or two */
  start(): void {
    this.working = this.processors.complete();
    this.registrar.register();
    this.ticker.start();
    this.store.onReady(() => this.ticker.tickAfterOutage());
  }

  /** Takes no more jobs and waits for those in flight, at most SHUTDOWN_TIMEOUT. */
  async stop(): Promise<void> {
    this.ticker.stop();
    this.running.stop();
    const { shutdownTimeoutMs } = this.config;
    // A worker is closed once: a second, forced close() would do no more than the first.
    const closed = (this.closed ??= this.finished(
      Promise.all(this.working.map(({ worker }) => worker.close())),
    ));
    if (await within(closed, shutdownTimeoutMs * PATIENT_SHARE)) return;
    this.log.warn('time is nearly up: what is still in flight is broken off');
    this.running.breakOff();
    if (await within(closed, shutdownTimeoutMs * (1 - PATIENT_SHARE))) return;
    this.log.warn('some jobs did not finish in time; what they held is settled at the next start');
  }

  /** Every handler has ended and BullMQ has told the store so, or had the time to. */
  private async finished(closed: Promise<unknown>): Promise<void> {
    do await this.running.ended();
    while (!(await within(closed, FAREWELL_MS)) && this.running.count > 0); // a job may have come in on the way
  }
}
