import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { HandlesJob, type JobContext, type JobHandler } from './job-handler.js';
import { JobRouter } from './job-router.js';
import { JOB_NAMES, JOBS, QUEUES, type JobName } from './jobs.js';

const context: JobContext = { signal: new AbortController().signal, deadline: new AbortController().signal };
const given: unknown[] = [];

function handlerOf(job: JobName): Type<JobHandler> {
  @Injectable()
  @HandlesJob(job)
  class Handler implements JobHandler {
    handle(payload: unknown): Promise<void> {
      given.push({ job, payload });
      return Promise.resolve();
    }
  }
  return Handler;
}

async function routerWith(...providers: Type<unknown>[]): Promise<JobRouter> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [JobRouter, ...providers],
  }).compile();
  await module.init();
  return module.get(JobRouter);
}

const all = () => JOB_NAMES.map((name) => handlerOf(name));
const mailId = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('JobRouter', () => {
  beforeEach(() => given.splice(0));

  it('refuses the start when a job has no handler, naming it', async () => {
    const router = await routerWith(handlerOf('tick'), handlerOf('mail.send'));
    expect(() => router.assertComplete()).toThrow('edition.prepare, edition.deliver');
  });

  it('refuses the start when a job has two handlers', async () => {
    const router = await routerWith(...all(), handlerOf('mail.send'));
    expect(() => router.assertComplete()).toThrow('"mail.send" has two handlers');
  });

  it('takes data to its handler, parsed again', async () => {
    const router = await routerWith(...all());
    router.assertComplete();
    await router.dispatch('mail.send', { mailId }, context);
    expect(given).toEqual([{ job: 'mail.send', payload: { mailId } }]);
  });

  it.each<[string, unknown]>([
    ['mail.send', {}],
    ['mail.send', { mailId: 'x' }],
    ['mail.send', { mailId, address: 'a@example.org' }],
    ['mail.send', null],
    ['edition.deliver', { editionId: mailId, batch: -1 }],
    ['edition.deliver', { editionId: mailId, batch: 0.5 }],
    ['tick', { now: true }],
  ])('refuses %s with %j', async (name, data) => {
    const router = await routerWith(...all());
    router.assertComplete();
    await expect(router.dispatch(name, data, context)).rejects.toThrow();
    expect(given).toEqual([]);
  });

  it('refuses a job it does not know, and any before the start', async () => {
    const router = await routerWith(...all());
    await expect(router.dispatch('mail.send', { mailId }, context)).rejects.toThrow('no job');
    router.assertComplete();
    await expect(router.dispatch('mail.burn', {}, context)).rejects.toThrow('no job "mail.burn"');
    await expect(router.dispatch('constructor', {}, context)).rejects.toThrow('no job');
  });
});

describe('JOBS', () => {
  it('each wait in a queue there is, and names hold no colon (BullMQ)', () => {
    for (const name of JOB_NAMES) {
      expect(QUEUES).toContain(JOBS[name].queue);
      expect(name).not.toContain(':');
    }
  });
});
