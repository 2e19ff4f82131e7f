/** How often a digest goes out, as operators choose it. */
export type Rhythm = 'never' | 'daily' | 'weekdays' | 'weekly' | 'cron';

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const CRON_DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

export interface RhythmValues {
  rhythm: Rhythm;
  /** Index into {@link WEEKDAYS}, as a select gives it. */
  weekday: string;
  /** `07:00` */
  time: string;
  cron: string;
}

const DEFAULTS: RhythmValues = { rhythm: 'never', weekday: '0', time: '07:00', cron: '0 7 * * MON-FRI' };

/** The days a cron of ours may name, as it is written elsewhere too: `1-5`, `MON-FRI`, `7`, `SUN`. */
function daysOf(written: string): Partial<RhythmValues> | undefined {
  const days = written.toUpperCase();
  if (days === '*') return { rhythm: 'daily' };
  if (days === 'MON-FRI' || days === '1-5') return { rhythm: 'weekdays' };
  const index = /^[0-7]$/.test(days) ? (Number(days) + 6) % 7 : CRON_DAYS.indexOf(days);
  return index >= 0 ? { rhythm: 'weekly', weekday: String(index) } : undefined;
}

/** What is chosen for a cron; one that no choice stands for is shown as it is. */
export function rhythmOf(cron: string | null | undefined): RhythmValues {
  if (cron == null) return DEFAULTS;
  const own: RhythmValues = { ...DEFAULTS, rhythm: 'cron', cron };
  const match = /^(\d{1,2}) (\d{1,2}) \* \* (\S+)$/.exec(cron.trim());
  const [, minute = '', hour = '', days = ''] = match ?? [];
  const chosen = match && daysOf(days);
  return chosen ? { ...own, ...chosen, time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` } : own;
}

/** The cron for a choice; null: none. Without a time it is left to the server to say what is missing. */
export function cronOf({ rhythm, weekday, time, cron }: RhythmValues): string | null {
  const [hour, minute] = time.split(':').map(Number);
  const at = hour === undefined || minute === undefined || Number.isNaN(hour) ? '' : `${minute} ${hour} * *`;
  switch (rhythm) {
    case 'never':
      return null;
    case 'cron':
      return cron;
    case 'daily':
      return at && `${at} *`;
    case 'weekdays':
      return at && `${at} MON-FRI`;
    case 'weekly':
      return at && `${at} ${CRON_DAYS[Number(weekday)]}`;
  }
}

/** A schedule in words, by its own clock: `every day at 07:00`. */
export function spokenCron(cron: string): string {
  const { rhythm, weekday, time } = rhythmOf(cron);
  if (rhythm === 'daily') return `every day at ${time}`;
  if (rhythm === 'weekdays') return `Monday to Friday at ${time}`;
  return rhythm === 'weekly' ? `every ${WEEKDAYS[Number(weekday)]} at ${time}` : `by the cron ${cron}`;
}
