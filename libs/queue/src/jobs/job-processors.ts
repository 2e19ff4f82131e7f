import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { JobProcessor } from './job-processor.js';
import { JOB_NAMES, JOBS, type JobName } from './jobs.js';

/** Where `@Processor` writes its options; `@nestjs/bullmq` does not export the name. */
const PROCESSOR_METADATA = 'bullmq:processor_metadata';

/** The processors of all modules. */
@Injectable()
export class JobProcessors {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error at the start when a job has no processor, or more than one, or one that is on another queue */
  complete(): JobProcessor[] {
    const found = new Map<JobName, JobProcessor>();
    for (const processor of this.all()) {
      const { job } = processor;
      if (found.has(job)) throw new Error(`The job "${job}" has two processors.`);
      const queue = queueOf(processor);
      if (queue !== JOBS[job].queue) {
        throw new Error(`The job "${job}" waits in "${JOBS[job].queue}"; its processor is on "${queue}".`);
      }
      found.set(job, processor);
    }
    const missing = JOB_NAMES.filter((name) => !found.has(name));
    if (missing.length > 0) throw new Error(`No processor for the jobs: ${missing.join(', ')}`);
    return [...found.values()];
  }

  private all(): JobProcessor[] {
    return this.discovery
      .getProviders()
      .map(({ instance }: { instance: unknown }) => instance)
      .filter((instance): instance is JobProcessor => instance instanceof JobProcessor);
  }
}

function queueOf(processor: JobProcessor): string {
  const options = Reflect.getMetadata(PROCESSOR_METADATA, processor.constructor) as
    { name?: string } | undefined;
  return options?.name ?? 'none';
}
