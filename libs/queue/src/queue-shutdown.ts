import { Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Log } from '#kernel/observing/logger.js';
import { JobWorkers } from './job-workers.js';
import { JobQueue } from './jobs/job-queue.js';
import { within } from './store/within.js';

/** A connection that a job never gave back must not keep the process from ending. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Ends the work, and closes the stores when everything that uses them has stopped: first the queue, then the database. */
@Injectable()
export class QueueShutdown implements OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly workers: JobWorkers,
    private readonly queue: JobQueue,
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.database.announceEnd();
    await this.workers.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
    if (!(await within(this.database.close(), CLOSE_TIMEOUT_MS))) {
      this.log.warn('the database did not close in time; the end of the process closes it');
    }
  }
}
