const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * A time by two clocks: `18:00 Lisbon · 13:00 yours`; once, when both show the same.
 * @param theirs the zone it was meant in
 * @param own of whoever reads it
 */
export function momentText(at: string, theirs: string, own: string, withDay: boolean): string {
  const [there, here] = [said(at, theirs, withDay), said(at, own, withDay)];
  const first = `${there.text} ${cityOf(theirs)}`;
  if (there.text === here.text && there.day === here.day) return first;
  // Without its day a time of another day would be read as today's.
  const day = !withDay && there.day !== here.day ? `${here.day}, ` : '';
  return `${first} · ${day}${here.text} yours`;
}

function said(at: string, timeZone: string, withDay: boolean) {
  const instant = new Date(at);
  const day = new Intl.DateTimeFormat('en-GB', { ...DAY, timeZone }).format(instant);
  const clock = new Intl.DateTimeFormat('en-GB', { ...CLOCK, timeZone }).format(instant);
  return { day, text: withDay ? `${day}, ${clock}` : clock };
}

/** `America/Argentina/Buenos_Aires`: `Buenos Aires`. */
function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

/** `in 2 h 5 min`. @param leftMs milliseconds; none left: `now` */
export function untilText(leftMs: number): string {
  if (leftMs <= 0) return 'now';
  if (leftMs < 2 * MINUTE_MS) return `in ${Math.ceil(leftMs / SECOND_MS)} s`;
  if (leftMs < HOUR_MS) return `in ${Math.floor(leftMs / MINUTE_MS)} min`;
  if (leftMs < DAY_MS) {
    const minutes = Math.floor((leftMs % HOUR_MS) / MINUTE_MS);
    return `in ${Math.floor(leftMs / HOUR_MS)} h${minutes > 0 ? ` ${minutes} min` : ''}`;
  }
  const days = Math.floor(leftMs / DAY_MS);
  return `in ${days} ${days === 1 ? 'day' : 'days'}`;
}
