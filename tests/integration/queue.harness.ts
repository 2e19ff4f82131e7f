import { EventEmitter, once } from 'node:events';
import { Global, Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Database } from '#database/database.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { BullBackendHolder } from '#queue/store/bull-backend-holder.js';
import type { BullBackend } from '#queue/store/bull-backend.js';
import { HandlesJob, type JobContext, type JobHandler } from '#queue/jobs/job-handler.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { JobWorkers } from '#queue/job-workers.js';
import { QueueModule } from '#queue/queue.module.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { listeningLog, testConfig } from '../support/test-config.js';

export interface Run {
  job: string;
  payload: unknown;
  context: JobContext;
}

/** What the handlers of a test were given, and what they are to do. */
@Injectable()
export class Runs {
  readonly all: Run[] = [];
  readonly ticks: string[] = [];
  /** Done by every handler; may throw, or hold the job. */
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

function handlerOf(job: 'mail.send' | 'edition.prepare' | 'edition.deliver' | 'feed.poll'): Type<JobHandler> {
  @Injectable()
  @HandlesJob(job)
  class Handler implements JobHandler {
    constructor(private readonly runs: Runs) {}
    handle(payload: unknown, context: JobContext): Promise<void> {
      return this.runs.handle({ job, payload, context });
    }
  }
  return Handler;
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

export const HANDLERS = [
  handlerOf('mail.send'),
  handlerOf('edition.prepare'),
  handlerOf('edition.deliver'),
  handlerOf('feed.poll'),
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
    handlers: readonly Type<unknown>[] = HANDLERS,
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
      providers: [Runs, FirstTask, SecondTask, ...handlers],
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
  get backend(): BullBackend {
    return this.module.get(BullBackendHolder, { strict: false }).backend;
  }

  close(): Promise<void> {
    return (this.closing ??= this.module.close());
  }
}
