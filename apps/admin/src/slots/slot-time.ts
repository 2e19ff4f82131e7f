import type { CalendarEntry, Slot } from '../api/types';
import { showTime } from '../ui/format';

/** `23 Nov 2026, 07:00`; of the readers' own clocks, that it is. */
export function spokenTime({ at, local }: Pick<CalendarEntry | Slot, 'at' | 'local'>): string {
  return local ? `${showTime(at)}, readers’ time` : showTime(at);
}
