import type { Schedule } from '../api/types';
import { showTime } from '../ui/format';
import { spokenCron } from './cron-presets';

/**
 * When a digest goes out, with whose time it is: `every day at 07:00, Europe/Paris`, `every day at 07:00, each reader’s
 * own time`.
 * @param ownZone the publication's, for a schedule that names none; undefined: not known yet
 */
export function spokenSchedule(schedule: Schedule, ownZone: string | undefined): string {
  const whose = schedule.readerLocal ? 'each reader’s own time' : (schedule.timeZone ?? ownZone);
  return [spokenCron(schedule.cron), whose].filter(Boolean).join(', ');
}

/** When it goes out next, by the clock of its schedule; when that is the readers' own, by the operator's. */
export function spokenNext(
  { schedule, nextAt }: { schedule: Schedule | null; nextAt: string },
  ownZone: string | undefined,
): string {
  if (schedule?.readerLocal) return `${showTime(nextAt)} for the first readers`;
  return showTime(nextAt, schedule?.timeZone ?? ownZone);
}
