import type { JobsOptions } from 'bullmq';
import { z } from 'zod';
import { QUEUE_NAMES } from '#database/migration/queue-names.js';

const none = z.strictObject({});
const edition = z.strictObject({ editionId: z.uuid() });

/**
 * Each job waits in a BullMQ queue of its own. Single mails never wait behind an edition, nor the clock behind either, nor any of
 * them behind a feed that does not answer.
 */
export const QUEUES = QUEUE_NAMES;
export type QueueName = (typeof QUEUES)[number];

interface JobDefinition {
  queue: QueueName;
  payload: z.ZodType;
  /** Whether some of them may be urgent: the others are then added with a priority, which BullMQ puts after those without one. */
  mayBeUrgent?: true;
}

/** BullMQ's priority of a job that gives way to urgent ones. */
export const GIVES_WAY = 1;

/**
 * Every job there is. Payloads carry ids only: no address, no secret, no body. A job is a hint; what it is about is
 * committed before it is enqueued, and the tick finds it again if the job is lost.
 */
export const JOBS = {
  /** Every minute and at boot: finds again whatever the queue has lost. */
  tick: { queue: 'clock', payload: none },
  /** Sends one outbox mail. */
  'mail.send': { queue: 'mail', payload: z.strictObject({ mailId: z.uuid() }) },
  /** Compiles an edition, freezes its audience and starts its batches. */
  'edition.prepare': { queue: 'edition', payload: edition, mayBeUrgent: true },
  /** Sends one batch of an edition. */
  'edition.deliver': {
    queue: 'delivery',
    payload: edition.extend({ batch: z.int().min(0) }),
    mayBeUrgent: true,
  },
  /** Fetches a feed and takes in what is new. */
  'feed.poll': { queue: 'feeds', payload: z.strictObject({ feedId: z.uuid() }) },
  /** Goes on with what an operator does to many readers at once. */
  'readers.bulk': { queue: 'readers', payload: z.strictObject({ bulkId: z.uuid() }) },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.output<(typeof JOBS)[N]['payload']>;
export const JOB_NAMES = Object.keys(JOBS) as JobName[];

/** What every job is added with: some tries, and the last failures to look at. */
export const JOB_OPTIONS: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
  attempts: 5,
  backoff: { type: 'exponential', delay: 1_000 },
};
