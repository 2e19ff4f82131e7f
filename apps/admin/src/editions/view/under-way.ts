import type { Edition } from '../../api/types';

/** Whether something happens to it by itself just now. */
export function isUnderWay({ status }: Edition): boolean {
  return status === 'preparing' || status === 'sending';
}

/** Of its readers, those whose mail has an end: 0 to 1, in whole percents, and 1 only when all have. */
export function doneShare({ counts }: Edition): number {
  const { recipients, queued, claimed, deferred } = counts;
  if (recipients === 0) return 0;
  return Math.floor(((recipients - queued - claimed - deferred) / recipients) * 100) / 100;
}
