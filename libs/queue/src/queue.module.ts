import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Queue } from 'bullmq';
import { Log } from '#kernel/observing/logger.js';
import { ClockTicker } from './clock/clock-ticker.js';
import { TickProcessor } from './clock/tick.processor.js';
import { Health } from './health.js';
import { JobWorkers } from './job-workers.js';
import { BullJobQueue } from './jobs/bull-job-queue.js';
import { JobProcessors } from './jobs/job-processors.js';
import { JobQueue } from './jobs/job-queue.js';
import { JOB_OPTIONS, QUEUES } from './jobs/jobs.js';
import { RunningJobs } from './jobs/running-jobs.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxRepository } from './outbox/outbox.repository.js';
import { QueueShutdown } from './queue-shutdown.js';
import { QueueStoreModule } from './store/queue-store.module.js';
import { QueueStore } from './store/queue-store.js';
import { StoreQueue, StoreWorker } from './store/store-classes.js';

/** BullMQ's queues on our store, for `@InjectQueue`. Workers are made when {@link JobWorkers} says so, not by Nest's start. */
function bullModules(): DynamicModule[] {
  BullModule.queueClass = StoreQueue;
  BullModule.workerClass = StoreWorker;
  return [
    BullModule.forRootAsync({
      imports: [QueueStoreModule],
      inject: [QueueStore],
      useFactory: ({ options }: QueueStore) => ({ ...options, defaultJobOptions: JOB_OPTIONS }),
      extraOptions: { manualRegistration: true },
    }),
    // Global modules end last: Nest closes the queues when whatever may put something in has ended.
    { ...BullModule.registerQueue(...QUEUES.map((name) => ({ name }))), global: true },
  ];
}

/** The jobs' way in, and what a worker needs to run them. */
@Global()
@Module({
  imports: [DiscoveryModule, QueueStoreModule, ...bullModules()],
  providers: [
    {
      provide: JobQueue,
      inject: [QueueStore, Log, ...QUEUES.map((name) => getQueueToken(name))],
      useFactory: (store: QueueStore, log: Log, ...queues: Queue[]) => new BullJobQueue(store, log, queues),
    },
    Outbox,
    OutboxRepository,
    ClockTicker,
    JobProcessors,
    JobWorkers,
    QueueShutdown,
    RunningJobs,
    TickProcessor,
    Health,
  ],
  exports: [JobQueue, Outbox, OutboxRepository, JobWorkers, RunningJobs, Health],
})
export class QueueModule {}
