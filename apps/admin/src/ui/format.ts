const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const hourAndMinute = { hour: '2-digit', minute: '2-digit' } as const;
const number = new Intl.NumberFormat('en-GB');

/** Formats by zone; `''`: the operator's own. They are costly to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const options = {
    ...date,
    ...hourAndMinute,
    timeZoneName: 'short',
    ...(zone ? { timeZone: zone } : {}),
  } as const;
  const made = new Intl.DateTimeFormat('en-GB', options);
  formats.set(zone, made);
  return made;
}

/**
 * A time of the API, with its zone: `22 Nov 2026, 17:05 CET`.
 * @param zone by whose clock; none: the operator's own
 */
export function showTime(instant: string | null | undefined, zone = ''): string {
  return instant ? formatIn(zone).format(new Date(instant)) : '–';
}

/** What readers' clocks show, `2026-11-23T07:00:00`, as it stands: `23 Nov 2026, 07:00`. Say whose time it is. */
const wallClock = new Intl.DateTimeFormat('en-GB', { ...date, ...hourAndMinute });

export function showWallClock(time: string): string {
  return wallClock.format(new Date(time));
}

/** Of an instant: `Monday 23 November`. */
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const clock = new Intl.DateTimeFormat('en-GB', { ...hourAndMinute, timeZoneName: 'short' });
const bareClock = new Intl.DateTimeFormat('en-GB', hourAndMinute);

/** A time without a zone, `2026-11-23T07:00:00`, is shown as it stands. */
export function showDay(time: string): string {
  return day.format(new Date(time));
}

/** `07:00 CET`; what readers' clocks show, without a zone: `07:00`. */
export function showClock(time: string, isReaders: boolean): string {
  return (isReaders ? bareClock : clock).format(new Date(time));
}

export function showNumber(value: number): string {
  return number.format(value);
}

const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 2 });

/** A share, 0 to 1: `0.25%`. */
export function showShare(share: number): string {
  return percent.format(share);
}

/** `12 (0.6%)`; of nothing there is no share. */
export function countOf(value: number, of: number): string {
  return of > 0 && value > 0 ? `${showNumber(value)} (${showShare(value / of)})` : showNumber(value);
}

/** `1 reader`, `2,000 readers`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${showNumber(value)} ${value === 1 ? one : many}`;
}

/** The operator's own time zone. */
export const OWN_TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The value of a `datetime-local` input (own time zone, no seconds) for a time of the API. */
export function toLocalInput(instant: string | Date): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** RFC 3339 in UTC for the value of a `datetime-local` input; null when it is empty. */
export function fromLocalInput(value: string): string | null {
  return value === '' ? null : new Date(value).toISOString();
}
