const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const number = new Intl.NumberFormat('en-GB');

/** A time of the API in the operator's own zone: `22 Nov 2026, 17:05`. */
export function showTime(instant: string | null | undefined): string {
  return instant ? dateTime.format(new Date(instant)) : '–';
}

/** Of an instant: `Monday 23 November`. */
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** A time without a zone, `2026-11-23T07:00:00`, is shown as it stands. */
export function showDay(time: string): string {
  return day.format(new Date(time));
}

export function showClock(time: string): string {
  return clock.format(new Date(time));
}

export function showNumber(value: number): string {
  return number.format(value);
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
