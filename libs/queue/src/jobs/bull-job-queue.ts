import { setTimeout as wait } from 'node:timers/promises';
import type { JobsOptions, Queue } from 'bullmq';
import type { Log } from '#kernel/observing/logger.js';
import type { QueueStore } from '../store/queue-store.js';
import { JobQueue, type EnqueueOptions } from './job-queue.js';
import { GIVES_WAY, JOBS, type JobName, type JobPayload } from './jobs.js';

/** After a time-out, how long further jobs are dropped at once instead of each waiting its own time-out. */
const REST_AFTER_TIMEOUT_MS = 2_000;
/** Jobs given at once: few enough to be taken within the time-out. */
const BULK = 100;
const READINESS_TIMEOUT_MS = 1_000;

/** The jobs' way in, over BullMQ on either store. */
export class BullJobQueue extends JobQueue {
  private restingUntil = 0;

  /** @param queues all there are */
  constructor(
    private readonly store: QueueStore,
    private readonly log: Log,
    private readonly queues: readonly Queue[],
  ) {
    super();
    store.onReady(() => (this.restingUntil = 0));
    for (const queue of queues) {
      queue.on('error', (error) => log.debug('queue', { queue: queue.name, reason: error.message }));
    }
  }

  override async enqueue<N extends JobName>(
    name: N,
    payload: JobPayload<N>,
    options: EnqueueOptions = {},
  ): Promise<boolean> {
    const queue = this.queueOf(name);
    const data = parsed(name, payload);
    return this.give(name, () => queue.add(name, data, jobOptions(name, options)));
  }

  override async enqueueAll<N extends JobName>(
    name: N,
    payloads: readonly JobPayload<N>[],
    options: Pick<EnqueueOptions, 'isUrgent'> = {},
  ): Promise<boolean> {
    const queue = this.queueOf(name);
    const opts = jobOptions(name, options);
    for (let from = 0; from < payloads.length; from += BULK) {
      const jobs = payloads.slice(from, from + BULK).map((payload) => {
        return { name, data: parsed(name, payload), opts };
      });
      if (!(await this.give(name, () => queue.addBulk(jobs)))) return false;
    }
    return true;
  }

  private queueOf(name: JobName): Queue {
    return this.queues.find((queue) => queue.name === JOBS[name].queue) as Queue;
  }

  private async give(name: JobName, add: () => Promise<unknown>): Promise<boolean> {
    if (Date.now() < this.restingUntil) return false;
    const taken = await bounded(add(), this.store.patienceMs);
    if (!taken.ok) {
      this.restingUntil = Date.now() + REST_AFTER_TIMEOUT_MS;
      this.log.warn('the queue did not take a job; the tick will find what it was about', {
        job: name,
        reason: taken.reason,
      });
    }
    return taken.ok;
  }

  override async ping(): Promise<void> {
    const answer = await bounded(this.store.ping(), READINESS_TIMEOUT_MS);
    if (!answer.ok) throw new Error(answer.reason);
  }

  override async close(): Promise<void> {
    await Promise.allSettled(this.queues.map((queue) => queue.close()));
    await this.store.close();
  }
}

/** @throws ZodError when the payload is not the job's */
function parsed<N extends JobName>(name: N, payload: JobPayload<N>): unknown {
  return JOBS[name].payload.parse(payload);
}

function jobOptions(name: JobName, { delayMs, dedupeKey, isUrgent }: EnqueueOptions): JobsOptions {
  const givesWay = 'mayBeUrgent' in JOBS[name] && !isUrgent;
  return {
    ...(givesWay ? { priority: GIVES_WAY } : {}),
    ...(delayMs ? { delay: delayMs } : {}),
    ...(dedupeKey ? { deduplication: { id: dedupeKey } } : {}),
  };
}

async function bounded(
  work: Promise<unknown>,
  timeoutMs: number,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  const stop = new AbortController();
  const outcome = work.then(
    () => ({ ok: true as const }),
    (error: unknown) => ({
      ok: false as const,
      reason: error instanceof Error ? error.message : String(error),
    }),
  );
  const late = wait(
    timeoutMs,
    { ok: false as const, reason: `no answer in ${timeoutMs} ms` },
    { signal: stop.signal },
  ).catch(() => ({ ok: false as const, reason: 'stopped' }));
  const result = await Promise.race([outcome, late]);
  stop.abort();
  return result;
}
