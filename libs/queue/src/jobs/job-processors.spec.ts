import { Processor } from '@nestjs/bullmq';
import type { Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { createLog, Log } from '#kernel/observing/logger.js';
import { JobProcessor } from './job-processor.js';
import { JobProcessors } from './job-processors.js';
import { JOB_NAMES, JOBS, type JobName } from './jobs.js';
import { RunningJobs } from './running-jobs.js';

function processorOf(job: JobName, queue: string = JOBS[job].queue): Type<JobProcessor> {
  @Processor(queue)
  class Idle extends JobProcessor {
    constructor(jobs: RunningJobs) {
      super(job, jobs);
    }
    override handle = () => Promise.resolve();
  }
  return Idle;
}

async function processorsOf(...providers: Type<unknown>[]): Promise<JobProcessors> {
  const log = createLog({ level: 'silent', format: 'json' });
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [JobProcessors, RunningJobs, { provide: Log, useValue: log }, ...providers],
  }).compile();
  return module.get(JobProcessors);
}

const all = () => JOB_NAMES.map((name) => processorOf(name));

describe('JobProcessors', () => {
  it('finds the processor of every job', async () => {
    const processors = await processorsOf(...all());
    expect(processors.complete().map(({ job }) => job)).toEqual(JOB_NAMES);
  });

  it('refuses the start when a job has none, naming it', async () => {
    const processors = await processorsOf(processorOf('tick'), processorOf('mail.send'));
    expect(() => processors.complete()).toThrow(
      'edition.prepare, edition.deliver, feed.poll, import.run, export.run, readers.bulk',
    );
  });

  it('refuses the start when a job has two', async () => {
    const processors = await processorsOf(...all(), processorOf('mail.send'));
    expect(() => processors.complete()).toThrow('"mail.send" has two processors');
  });

  it('refuses the start when one listens to another queue', async () => {
    const [, ...others] = all();
    const processors = await processorsOf(processorOf('tick', 'mail'), ...others);
    expect(() => processors.complete()).toThrow('"tick" waits in "clock"; its processor is on "mail"');
  });
});
