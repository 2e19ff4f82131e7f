import { setTimeout as wait } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import type { Log } from '#kernel/logger.js';
import type { BullBackend } from './bull-backend.js';
import { JobQueue, type EnqueueOptions } from './job-queue.js';
import { JOBS, QUEUES, type JobName, type JobPayload, type QueueName } from './jobs.js';

/** A request must not wait for a queue that is down: what it did is committed and the tick will find it. */
const ENQUEUE_TIMEOUT_MS = 500;
/** After a time-out, how long further jobs are dropped at once instead of each waiting its own time-out. */
const REST_AFTER_TIMEOUT_MS = 2_000;
const READINESS_TIMEOUT_MS = 1_000;

/** The jobs' way in, over BullMQ on either backend. */
export class BullJobQueue extends JobQueue {
  private readonly queues: Map<QueueName, Queue>;
  private restingUntil = 0;

  constructor(
    private readonly backend: BullBackend,
    private readonly log: Log,
  ) {
    super();
    this.queues = new Map(QUEUES.map((name) => [name, backend.queue(name)]));
    backend.onReady(() => (this.restingUntil = 0));
    for (const queue of this.queues.values()) {
      queue.on('error', (error) => log.debug('queue', { queue: queue.name, reason: error.message }));
    }
  }

  override async enqueue<N extends JobName>(
    name: N,
    payload: JobPayload<N>,
    options: EnqueueOptions = {},
  ): Promise<boolean> {
    if (Date.now() < this.restingUntil) return false;
    const definition = JOBS[name];
    const data: unknown = definition.payload.parse(payload);
    const queue = this.queues.get(definition.queue) as Queue;
    const added = queue.add(name, data, {
      removeOnComplete: true,
      removeOnFail: { count: 1000 },
      attempts: 5,
      backoff: { type: 'exponential', delay: 1_000 },
      ...(options.delayMs ? { delay: options.delayMs } : {}),
      ...(options.dedupeKey ? { deduplication: { id: options.dedupeKey } } : {}),
    });
    const taken = await bounded(added, ENQUEUE_TIMEOUT_MS);
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
    const answer = await bounded(this.backend.ping(), READINESS_TIMEOUT_MS);
    if (!answer.ok) throw new Error(answer.reason);
  }

  override async close(): Promise<void> {
    await bounded(Promise.all([...this.queues.values()].map((queue) => queue.close())), READINESS_TIMEOUT_MS);
    await this.backend.close();
  }
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
