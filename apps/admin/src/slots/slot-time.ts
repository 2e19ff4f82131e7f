import type { CalendarEntry, Slot } from '../api/types';
import { showTime, showWallClock } from '../ui/format';

/** `23 Nov 2026, 07:00 CET`; of the readers' own clocks, that it is. */
export function spokenTime({ at, local }: Pick<CalendarEntry | Slot, 'at' | 'local'>): string {
  return local ? `${showWallClock(at)}, readers’ time` : showTime(at);
}
