import { UnrecoverableError, type Job } from 'bullmq';
import { createLog } from '#kernel/observing/logger.js';
import type { JobContext } from './job-context.js';
import { JobProcessor } from './job-processor.js';
import { JOB_NAMES, JOBS, QUEUES, type JobName } from './jobs.js';
import { RunningJobs } from './running-jobs.js';

class Remembering extends JobProcessor {
  readonly given: unknown[] = [];
  act: () => Promise<void> = () => Promise.resolve();
  override async handle(payload: unknown, context: JobContext): Promise<void> {
    this.given.push({ payload, context });
    await this.act();
  }
}

const mailId = '01890a5d-ac96-774b-bcce-b302099a8057';
const asJob = (name: string, data: unknown) => ({ name, data }) as Job;

describe('JobProcessor', () => {
  let running: RunningJobs;
  beforeEach(() => {
    running = new RunningJobs(createLog({ level: 'silent', format: 'json' }));
  });
  const processorOf = (job: JobName) => new Remembering(job, running);

  it('gives what was parsed, and when to stop', async () => {
    const processor = processorOf('mail.send');
    await processor.process(asJob('mail.send', { mailId }));
    expect(processor.given).toEqual([{ payload: { mailId }, context: running.context }]);
  });

  it.each<[JobName, unknown]>([
    ['mail.send', {}],
    ['mail.send', { mailId: 'x' }],
    ['mail.send', { mailId, address: 'a@example.org' }],
    ['mail.send', null],
    ['edition.deliver', { editionId: mailId, batch: -1 }],
    ['edition.deliver', { editionId: mailId, batch: 0.5 }],
    ['tick', { now: true }],
  ])('refuses %s with %j, for good', async (name, data) => {
    const processor = processorOf(name);
    await expect(processor.process(asJob(name, data))).rejects.toThrow(UnrecoverableError);
    expect(processor.given).toEqual([]);
  });

  it('refuses another job, for good', async () => {
    const processor = processorOf('mail.send');
    await expect(processor.process(asJob('mail.burn', { mailId }))).rejects.toThrow('no job "mail.burn"');
    await expect(processor.process(asJob('tick', {}))).rejects.toThrow(UnrecoverableError);
  });

  it('counts as running until it has ended, well or not, and throws what is thrown', async () => {
    const processor = processorOf('tick');
    let fail = (_: Error): void => undefined;
    processor.act = () => new Promise((_, reject) => (fail = reject));
    const work = processor.process(asJob('tick', {}));
    expect(running.count).toBe(1);
    const ended = running.ended();
    fail(new Error('no disk'));
    await expect(work).rejects.toThrow('no disk');
    await ended;
    expect(running.count).toBe(0);
  });
});

describe('JOBS', () => {
  it('each have a queue to themselves, and names hold no colon (BullMQ)', () => {
    expect(JOB_NAMES.map((name) => JOBS[name].queue).sort()).toEqual([...QUEUES].sort());
    for (const name of JOB_NAMES) expect(name).not.toContain(':');
  });
});
