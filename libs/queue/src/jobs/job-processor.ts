import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import { UnrecoverableError, type Job } from 'bullmq';
import { JOBS, type JobName, type JobPayload } from './jobs.js';
import type { JobContext } from './job-context.js';
import type { RunningJobs } from './running-jobs.js';

/**
 * What does a job: extend it beside what the job is about, and mark the class with `@Processor` and the job's queue. A process that
 * works makes its worker ({@link JobWorkers}); in others it stands idle.
 */
export abstract class JobProcessor<N extends JobName = JobName> extends WorkerHost {
  constructor(
    readonly job: N,
    private readonly jobs: RunningJobs,
  ) {
    super();
  }

  abstract handle(payload: JobPayload<N>, context: JobContext): Promise<void>;

  /** Called by BullMQ. @throws UnrecoverableError for what will fit no better next time, or what `handle` throws */
  override async process(job: Job<unknown>): Promise<void> {
    await this.jobs.track(this.run(job));
  }

  private async run({ name, data }: Job<unknown>): Promise<void> {
    if (name !== this.job) throw new UnrecoverableError(`There is no job "${name}" in this queue.`);
    const payload = JOBS[this.job].payload.safeParse(data);
    if (!payload.success) throw new UnrecoverableError(`payload: ${payload.error.message}`);
    await this.handle(payload.data as JobPayload<N>, this.jobs.context);
  }

  @OnWorkerEvent('failed')
  protected failed(job: Job<unknown> | undefined, error: Error): void {
    this.jobs.log.error('a job failed', error, { job: job?.name, payload: job?.data });
  }

  /** Of the connection, mostly, which tries again. */
  @OnWorkerEvent('error')
  protected troubled(error: Error): void {
    this.jobs.log.debug('queue worker', { queue: JOBS[this.job].queue, reason: error.message });
  }
}
