/** Days of the publication's calendar, `2027-01-05`, and the instants at which they begin. */

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const two = '2-digit';
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
    hourCycle: 'h23',
  });
  formats.set(zone, made);
  return made;
}

/** The day that an instant is in. */
export function dayIn(zone: string, instant: Date): string {
  return formatIn(zone).format(instant).slice(0, 10);
}

/** By how many milliseconds a zone's clocks are ahead of UTC at an instant. */
function aheadBy(zone: string, instant: number): number {
  const clock = formatIn(zone).format(new Date(instant)).replace(' ', 'T');
  return Date.parse(`${clock}Z`) - Math.floor(instant / 1000) * 1000;
}

/** When a day begins, RFC 3339. Looked at twice: the first guess may lie on the other side of a change of clocks. */
export function startOf(day: string, zone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guess = midnight - aheadBy(zone, midnight);
  return new Date(midnight - aheadBy(zone, guess)).toISOString();
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** Every day from one to another, both with it. */
export function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Whether it is a day at all: it comes out of an address. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `5 Jan` */
export function showShortDay(day: string): string {
  return short.format(new Date(`${day}T00:00:00Z`));
}
