import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { UnrecoverableError, type Worker } from 'bullmq';
import { ZodError } from 'zod';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { ClockTicker } from './clock/clock-ticker.js';
import { BullBackendHolder } from './store/bull-backend-holder.js';
import { JobRouter } from './jobs/job-router.js';
import { QUEUES, type QueueName } from './jobs/jobs.js';
import { within } from './store/within.js';

/**
 * Jobs of one queue that a process runs at once. Sending waits on the network, compiling on the processor. Feeds: a name
 * that DNS is slow to find holds one of libuv's four threads, and one stays free for files and compression.
 */
const CONCURRENCY: Record<QueueName, number> = { clock: 1, mail: 10, edition: 1, delivery: 2, feeds: 3 };
/** Handlers may be run again safely, so a job that lost its process is run again however often that happens. */
const MAX_STALLED = 1_000;
const LOCK_MS = 30_000;
/** Of SHUTDOWN_TIMEOUT, the share that what is in flight may take; the rest is for writing down what was broken off. */
const PATIENT_SHARE = 0.8;
/** Once no handler runs, how long BullMQ may take to tell the store so. If the store is gone it would wait for it. */
const FAREWELL_MS = 2_000;

/** Runs jobs in this process. */
@Injectable()
export class JobWorkers implements OnModuleDestroy {
  private readonly workers: Worker[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly breakingOff = new AbortController();

  constructor(
    private readonly backend: BullBackendHolder,
    private readonly router: JobRouter,
    private readonly ticker: ClockTicker,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** Begins taking jobs; call when the application is up. */
  start(): void {
    this.router.assertComplete();
    for (const name of QUEUES) {
      const worker = this.backend.backend.worker(name, (job) => this.track(this.run(job.name, job.data)), {
        concurrency: CONCURRENCY[name],
        lockDuration: LOCK_MS,
        stalledInterval: LOCK_MS / 2,
        maxStalledCount: MAX_STALLED,
        drainDelay: 5,
      });
      worker.on('error', (error) => this.log.debug('queue worker', { queue: name, reason: error.message }));
      worker.on('failed', (job, error) =>
        this.log.error('a job failed', error, { job: job?.name, payload: job?.data as unknown }),
      );
      this.workers.push(worker);
    }
    this.ticker.start();
    this.backend.backend.onReady(() => this.ticker.tickAfterOutage());
  }

  private async track(work: Promise<void>): Promise<void> {
    this.running.add(work);
    try {
      await work;
    } finally {
      this.running.delete(work);
    }
  }

  private async run(name: string, data: unknown): Promise<void> {
    try {
      await this.router.dispatch(name, data, {
        signal: this.stopping.signal,
        deadline: this.breakingOff.signal,
      });
    } catch (error) {
      // Data that does not fit will not fit next time either.
      if (error instanceof ZodError) throw new UnrecoverableError(`payload: ${error.message}`);
      throw error;
    }
  }

  /** Takes no more jobs and waits for those in flight, at most SHUTDOWN_TIMEOUT. */
  async onModuleDestroy(): Promise<void> {
    this.ticker.stop();
    this.stopping.abort();
    const { shutdownTimeoutMs } = this.config;
    // A worker's close() may be called once: a second, forced one would only wait for the first.
    const closed = this.finished(Promise.all(this.workers.map((worker) => worker.close())));
    if (await within(closed, shutdownTimeoutMs * PATIENT_SHARE)) return;
    this.log.warn('time is nearly up: what is still in flight is broken off');
    this.breakingOff.abort();
    if (await within(closed, shutdownTimeoutMs * (1 - PATIENT_SHARE))) return;
    this.log.warn('some jobs did not finish in time; what they held is settled at the next start');
  }

  /** Every handler has ended and BullMQ has told the store so, or had the time to. */
  private async finished(closed: Promise<unknown>): Promise<void> {
    do await Promise.allSettled(this.running);
    while (!(await within(closed, FAREWELL_MS)) && this.running.size > 0); // a job may have come in on the way
  }
}
