import { invalidField } from '#kernel/errors/errors.js';
import {
  DAY_OF_MONTH,
  DAY_OF_WEEK,
  HOUR,
  invalidCron,
  MINUTE,
  MONTH,
  readField,
  readNumber,
} from './cron-fields.js';
import { DAY_MS, MINUTE_MS } from './units.js';

/** A cron that was understood. It knows no zone: its times are those of a clock on a wall. */
export interface Cron {
  /** As it was written. */
  readonly text: string;
  /** Minutes since midnight at which it fires on a day that matches, ascending. */
  readonly minutesOfDay: readonly number[];
  readonly months: ReadonlySet<number>;
  readonly firesOn: (day: Day) => boolean;
}

/** A day of the calendar. */
export interface Day {
  date: number;
  /** 0 is Sunday. */
  weekday: number;
  /** How many days its month has. */
  length: number;
}

const MAX_LENGTH = 500; // characters; every minute listed takes 169
// 29 February falls on a given weekday at least every 40 years: 28, and 12 more around a year such as 2100.
const SEARCH_DAYS = 41 * 366;
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/**
 * Reads a cron of five fields: minute, hour, day of the month, month, day of the week. Names (`MON`, `jan`), ranges, lists, steps;
 * `L` is the last day of the month, `MON#1` its first Monday, `FRI#L` its last Friday; `@daily` and its kin.
 * When both days are given it fires on either; when one starts with `*` on what matches both, as crontab(5) has it.
 * @throws DomainError `invalid_input` on `schedule.cron`: `invalid_cron`, or `never_fires` as on 30 February
 */
export function parseCron(text: string): Cron {
  if (text.length > MAX_LENGTH) throw invalidCron(`The cron has more than ${MAX_LENGTH} characters.`);
  const written = text.trim();
  const fields = (ALIASES.get(written.toLowerCase()) ?? written).split(/\s+/);
  const [minute, hour, date, month, weekday] = fields;
  if (fields.length !== 5 || !minute || !hour || !date || !month || !weekday)
    throw invalidCron(wrongCount(fields));
  const minutes = readField(MINUTE, minute);
  const cron: Cron = {
    text: written,
    minutesOfDay: readField(HOUR, hour).flatMap((h) => minutes.map((m) => h * 60 + m)),
    months: new Set(readField(MONTH, month)),
    firesOn: dayRule(date, weekday),
  };
  if (!occurrenceBefore(cron, new Date(SEARCH_DAYS * DAY_MS))) {
    throw invalidField('schedule.cron', 'never_fires', `“${written}” never fires: no year has such a day.`);
  }
  return cron;
}

/**
 * The occurrences in (after, until], ascending, one by one.
 * All times are floating: a wall clock's reading in the UTC fields of a Date.
 */
export function* eachOccurrence(cron: Cron, after: Date, until: Date): Generator<Date, void> {
  const lastDay = Math.floor(until.getTime() / DAY_MS);
  for (let day = Math.floor(after.getTime() / DAY_MS); day <= lastDay; day++) {
    if (!firesOnDay(cron, day)) continue;
    for (const minute of cron.minutesOfDay) {
      const at = day * DAY_MS + minute * MINUTE_MS;
      if (at > until.getTime()) return;
      if (at > after.getTime()) yield new Date(at);
    }
  }
}

/** The last occurrence strictly before `at`, or null when there was none in 40 years; floating times. */
export function occurrenceBefore(cron: Cron, at: Date): Date | null {
  const today = Math.floor(at.getTime() / DAY_MS);
  for (let day = today; day >= today - SEARCH_DAYS; day--) {
    if (!firesOnDay(cron, day)) continue;
    const minute = cron.minutesOfDay.findLast((m) => day * DAY_MS + m * MINUTE_MS < at.getTime());
    if (minute !== undefined) return new Date(day * DAY_MS + minute * MINUTE_MS);
  }
  return null;
}

/** @param day days since 1970-01-01 */
function firesOnDay(cron: Cron, day: number): boolean {
  const date = new Date(day * DAY_MS);
  const month = date.getUTCMonth();
  if (!cron.months.has(month + 1)) return false;
  const length = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return cron.firesOn({ date: date.getUTCDate(), weekday: date.getUTCDay(), length });
}

function dayRule(date: string, weekday: string): (day: Day) => boolean {
  const onDate = anyOf(date, dateRule);
  const onWeekday = anyOf(weekday, weekdayRule);
  const both = date.startsWith('*') || weekday.startsWith('*');
  return both ? (day) => onDate(day) && onWeekday(day) : (day) => onDate(day) || onWeekday(day);
}

function anyOf(field: string, rule: (part: string) => (day: Day) => boolean): (day: Day) => boolean {
  const rules = field.split(',').map(rule);
  return (day) => rules.some((fires) => fires(day));
}

function dateRule(part: string): (day: Day) => boolean {
  if (part.toUpperCase() === 'L') return (day) => day.date === day.length;
  const dates = new Set(readField(DAY_OF_MONTH, part));
  return (day) => dates.has(day.date);
}

function weekdayRule(part: string): (day: Day) => boolean {
  const [, name, which] = /^([^#]*)#(.*)$/.exec(part) ?? [];
  if (name === undefined || which === undefined) {
    const weekdays = new Set(readField(DAY_OF_WEEK, part).map((weekday) => weekday % 7));
    return (day) => weekdays.has(day.weekday);
  }
  const weekday = readNumber(DAY_OF_WEEK, name) % 7;
  if (/^l$/i.test(which)) return (day) => day.weekday === weekday && day.date > day.length - 7;
  if (!/^[1-5]$/.test(which)) throw invalidCron(`“${part}”: after # comes 1 to 5, or L for the last.`);
  return (day) => day.weekday === weekday && Math.ceil(day.date / 7) === Number(which);
}

function wrongCount(fields: string[]): string {
  if (fields[0]?.startsWith('@'))
    return `“${fields.join(' ')}” is not known; there are ${[...ALIASES.keys()].join(', ')}.`;
  const wanted = 'A cron has five fields: minute, hour, day of the month, month, day of the week';
  return fields.length === 6
    ? `${wanted}; seconds are not among them.`
    : `${wanted}, such as 0 7 * * MON-FRI.`;
}
