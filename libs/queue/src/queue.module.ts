import { Global, Injectable, Module, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Database } from '#database/database.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { BULL_BACKEND, BullBackendHolder } from './store/bull-backend-holder.js';
import { createBullBackend, type BullBackend } from './store/bull-backend.js';
import { BullJobQueue } from './jobs/bull-job-queue.js';
import { ClockTicker } from './clock/clock-ticker.js';
import { Health } from './health.js';
import { JobQueue } from './jobs/job-queue.js';
import { JobRouter } from './jobs/job-router.js';
import { JobWorkers } from './job-workers.js';
import { Outbox } from './outbox.js';
import { TickHandler } from './clock/tick.js';
import { within } from './store/within.js';

/** A connection that a job never gave back must not keep the process from ending. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Closes the stores when everything that uses them has stopped: first the queue, then the database. */
@Injectable()
export class StoresShutdown implements OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly queue: JobQueue,
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /** The first thing a shutdown calls. */
  onModuleDestroy(): void {
    this.database.announceEnd();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
    if (!(await within(this.database.close(), CLOSE_TIMEOUT_MS))) {
      this.log.warn('the database did not close in time; the end of the process closes it');
    }
  }
}

/** The jobs' way in, and what a worker needs to run them. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: BULL_BACKEND,
      inject: [Config, Database, Log],
      useFactory: (config: Config, database: Database, log: Log) => createBullBackend(config, database, log),
    },
    {
      provide: JobQueue,
      inject: [BULL_BACKEND, Log],
      useFactory: (backend: BullBackend, log: Log) => new BullJobQueue(backend, log),
    },
    BullBackendHolder,
    Outbox,
    ClockTicker,
    JobRouter,
    JobWorkers,
    TickHandler,
    StoresShutdown,
    Health,
  ],
  exports: [JobQueue, Outbox, JobWorkers, BullBackendHolder, Health],
})
export class QueueModule {}
