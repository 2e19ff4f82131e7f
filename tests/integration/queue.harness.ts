import { EventEmitter, once } from 'node:events';
import { getQueueToken, Processor } from '@nestjs/bullmq';
import { Global, Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bullmq';
import { Database } from '#database/database.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { JobWorkers } from '#queue/job-workers.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { JOBS, type QueueName } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { QueueModule } from '#queue/queue.module.js';
import { QueueStore } from '#queue/store/queue-store.js';
import { listeningLog, testConfig } from '../support/test-config.js';

export interface Run {
  job: string;
  payload: unknown;
  context: JobContext;
}

/** What the processors of a test were given, and what they are to do. */
@Injectable()
export class Runs {
  readonly all: Run[] = [];
  readonly ticks: string[] = [];
  /** Done by every processor; may throw, or hold the job. */
  act: (run: Run) => unknown = () => undefined;
  private readonly events = new EventEmitter().setMaxListeners(0);

  async handle(run: Run): Promise<void> {
    this.all.push(run);
    this.events.emit('news');
    await this.act(run);
  }

  ticked(name: string): void {
    this.ticks.push(name);
    this.events.emit('news');
  }

  of(job: string): Run[] {
    return this.all.filter((run) => run.job === job);
  }

  /** Resolves once it is so, asked again at every run and tick. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await once(this.events, 'news');
  }
}

type TriedJob =
  | 'mail.send'
  | 'edition.prepare'
  | 'edition.deliver'
  | 'feed.poll'
  | 'import.run'
  | 'export.run'
  | 'readers.bulk';

/** Eight of a kind at once, one of what the product does one by one. */
export function processorOf(job: TriedJob): Type<JobProcessor<TriedJob>> {
  @Processor(JOBS[job].queue, { concurrency: job === 'edition.prepare' ? 1 : 8 })
  class TriedProcessor extends JobProcessor<TriedJob> {
    constructor(
      jobs: RunningJobs,
      private readonly runs: Runs,
    ) {
      super(job, jobs);
    }
    override handle(payload: unknown, context: JobContext): Promise<void> {
      return this.runs.handle({ job, payload, context });
    }
  }
  return TriedProcessor;
}

@Injectable()
@OnTick({ order: 2 })
class SecondTask implements TickTask {
  readonly name = 'second';
  constructor(private readonly runs: Runs) {}
  run(): Promise<void> {
    this.runs.ticked(this.name);
    return Promise.resolve();
  }
}

@Injectable()
@OnTick({ order: 1 })
class FirstTask implements TickTask {
  readonly name = 'first';
  constructor(private readonly runs: Runs) {}
  run(): Promise<void> {
    this.runs.ticked(this.name);
    return Promise.reject(new Error('the first task fails'));
  }
}

@Global()
@Module({})
class Surroundings {
  static of(values: { provide: unknown; useValue: unknown }[]): DynamicModule {
    const providers = values as { provide: typeof Clock; useValue: Clock }[];
    return { module: Surroundings, providers, exports: providers };
  }
}

export const PROCESSORS = [
  processorOf('mail.send'),
  processorOf('edition.prepare'),
  processorOf('edition.deliver'),
  processorOf('feed.poll'),
  processorOf('import.run'),
  processorOf('export.run'),
  processorOf('readers.bulk'),
];

/** One process's queue: what goes in, and its workers. */
export class Plant {
  private closing: Promise<void> | undefined;

  private constructor(
    readonly module: TestingModule,
    readonly runs: Runs,
    readonly logs: string[],
  ) {}

  static async open(
    database: Database,
    config: Partial<Config> = {},
    processors: readonly Type<unknown>[] = PROCESSORS,
  ): Promise<Plant> {
    const { log, lines } = listeningLog();
    const module = await Test.createTestingModule({
      imports: [
        Surroundings.of([
          { provide: Clock, useValue: new SystemClock() },
          { provide: Config, useValue: testConfig(config) },
          { provide: Database, useValue: database },
          { provide: Log, useValue: log },
        ]),
        QueueModule,
      ],
      providers: [Runs, FirstTask, SecondTask, ...processors],
    }).compile();
    await module.init();
    return new Plant(module, module.get(Runs), lines);
  }

  get queue(): JobQueue {
    return this.module.get(JobQueue, { strict: false });
  }
  get workers(): JobWorkers {
    return this.module.get(JobWorkers, { strict: false });
  }
  get store(): QueueStore {
    return this.module.get(QueueStore, { strict: false });
  }
  bull(name: QueueName): Queue {
    return this.module.get<Queue>(getQueueToken(name), { strict: false });
  }

  close(): Promise<void> {
    return (this.closing ??= this.module.close());
  }
}
