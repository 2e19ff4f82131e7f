/**
 * The queues there are. Here, and not beside the jobs, because a queue in the database has a sequence that the role
 * which migrates must make: BullMQ would make it at the first job, as a role that may make nothing.
 */
export const QUEUE_NAMES = ['clock', 'mail', 'edition', 'delivery', 'feeds', 'readers'] as const;
