import { DiscoveryService } from '@nestjs/core';
import type { JobName, JobPayload } from './jobs.js';

export interface JobContext {
  /** Aborted when the process is asked to stop: begin nothing new, put back what is not begun. */
  signal: AbortSignal;
  /** Aborted shortly before SHUTDOWN_TIMEOUT is over: break off even what is in flight, and write down how it stands. */
  deadline: AbortSignal;
}

export interface JobHandler<N extends JobName = JobName> {
  handle(payload: JobPayload<N>, context: JobContext): Promise<void>;
}

/** Marks the one class that handles a job. The worker's start fails if a job has none, or two. */
export const HandlesJob = DiscoveryService.createDecorator<JobName>();
