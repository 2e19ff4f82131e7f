import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { HandlesJob, type JobContext, type JobHandler } from './job-handler.js';
import { JOB_NAMES, JOBS, type JobName } from './jobs.js';

/** Takes a job's name and data to its handler. */
@Injectable()
export class JobRouter {
  constructor(private readonly discovery: DiscoveryService) {}

  private handlers: Map<JobName, JobHandler> | undefined;

  /** @throws Error at the start when a job has no handler, or more than one */
  assertComplete(): void {
    const found = new Map<JobName, JobHandler>();
    for (const wrapper of this.discovery.getProviders({ metadataKey: HandlesJob.KEY })) {
      const name = this.discovery.getMetadataByDecorator(HandlesJob, wrapper);
      if (!name) continue;
      const handler = wrapper.instance as JobHandler;
      if (found.has(name) && found.get(name) !== handler)
        throw new Error(`The job "${name}" has two handlers.`);
      found.set(name, handler);
    }
    const missing = JOB_NAMES.filter((name) => !found.has(name));
    if (missing.length > 0) throw new Error(`No handler for the jobs: ${missing.join(', ')}`);
    this.handlers = found;
  }

  /** @throws when the name is unknown, the data does not fit its schema, or the handler throws */
  async dispatch(name: string, data: unknown, context: JobContext): Promise<void> {
    const handler = this.handlers?.get(name as JobName);
    if (!handler) throw new Error(`There is no job "${name}".`);
    const payload = JOBS[name as JobName].payload.parse(data);
    await handler.handle(payload, context);
  }
}
