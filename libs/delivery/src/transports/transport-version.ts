import type { Clock } from '#kernel/clock.js';

/** The `updated_at` of a change: now, and always later than the last, since it is what workers know a change by. */
export function nextVersion({ updatedAt }: { updatedAt: Date }, clock: Clock): Date {
  return new Date(Math.max(clock.now().getTime(), updatedAt.getTime() + 1));
}
