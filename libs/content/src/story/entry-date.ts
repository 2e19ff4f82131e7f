import { monthOf } from './month-names.js';
import { minutesEastOf } from './time-zone.js';

/** RFC 3339, also without the time, the seconds or the zone, with a space for the T, and with slashes. */
const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:(?:\s*T\s*|\s+)(\d{1,2})(?::?(\d\d))?(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(.*)$/i;
/** ISO 8601's basic form. */
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d)(?:[.,]\d+)?)?\s*(.*)$/i;
/** ISO 8601's day of the year. */
const ORDINAL = /^(\d{4})-(\d{3})(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(.*)$/i;
/** The same without the T: other lengths are {@link EPOCH}s. */
const DIGITS = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$/;
/** Seconds or milliseconds since 1970. */
const EPOCH = /^(\d{10})(?:\d{3}|\.\d{1,9})?$/;
/** Days and months by number. Which is which is known only from the sign, an AM or PM, or a number above 12. */
const NUMBERS = /^(?:\p{L}+\.?,?\s+)?(\d{1,2})([./])(\d{1,2})\2(\d{4})\b,?(.*)$/iu;
const TIME =
  /(?:^|[\sT,])(\d{1,2})([:.])(\d\d)(?:\2(\d\d)(?:[.,:]\d+)?)?(?:\s*([ap])\.?m\b\.?)?(?=$|[\s(+,;a-zA-Z-])/i;
const EARLIEST = Date.UTC(1990, 0, 1);

/**
 * Reads the date of an entry, as feeds write it: RFC 822 and RFC 3339, their near misses, what C and JavaScript make of
 * a date, and the same with the months of other languages. A time without a zone, or with one that nobody knows, is UTC.
 * @returns null for what is no date, and for dates before the web
 */
export function entryDate(text: string | undefined): Date | null {
  const clean = (text ?? '').slice(0, 500).trim().slice(0, 100).replace(/\s+/g, ' ');
  const epoch = EPOCH.exec(clean);
  if (epoch) return new Date(Number(epoch[1]) * 1000);
  const iso = ISO.exec(clean) ?? BASIC.exec(clean) ?? DIGITS.exec(clean);
  if (iso) return byIso(iso);
  const ordinal = ORDINAL.exec(clean);
  if (ordinal) return inYear(ordinal);
  return byNumbers(clean) ?? byWords(clean);
}

function byIso([, year, month, day, hour, minute, second, rest = '']: RegExpExecArray): Date | null {
  const half = /^([ap])\.?m\b\.?/i.exec(rest);
  const time = [half?.[1] ? ofTwelve(hour, half[1]) : hour, minute, second];
  return instantOf(year, Number(month) - 1, day, time, half ? rest.slice(half[0].length) : rest);
}

function inYear([, year, day, hour, minute, second, zone]: RegExpExecArray): Date | null {
  if (Number(day) < 1 || Number(day) > 366) return null;
  const date = new Date(Date.UTC(Number(year), 0, Number(day)));
  return instantOf(year, date.getUTCMonth(), String(date.getUTCDate()), [hour, minute, second], zone);
}

/** `24.11.2023 10:00`, `11/24/2023, 2:02:33 PM`. */
function byNumbers(text: string): Date | null {
  const [, one, sign, two, year, rest = ''] = NUMBERS.exec(text) ?? [];
  const time = timeIn(rest);
  if (one === undefined || two === undefined || !time) return null;
  const isDayFirst = sign === '.' || Number(one) > 12;
  if (!isDayFirst && !time.isTwelve && Number(two) <= 12) return null;
  const [day, month] = isDayFirst ? [one, two] : [two, one];
  return instantOf(year, Number(month) - 1, day, time.parts, time.rest);
}

/** Months by name: what is neither time nor name is the day, the year and the zone. */
function byWords(text: string): Date | null {
  const time = timeIn(text);
  if (!time) return null;
  const words = time.before.split(/[\s,/–-]+|(?<=\d)(?=\p{L})|(?<=\p{L})\.?(?=\d)/u).filter(Boolean);
  // The last: some days of the week begin like a month (`mar., 24 nov. 2023`).
  const at = words.findLastIndex((word) => monthOf(word) !== null);
  const month = monthOf(words[at] ?? '');
  // Of those beside the month the day comes before it, or right after.
  const numbers = words.flatMap((word, index) => (/^\d{1,4}\.?$/.test(word) ? [{ word, index }] : []));
  const day =
    numbers.find(({ word, index }) => index < at && word.length < 4) ??
    numbers.find(({ word, index }) => index > at && word.replace('.', '').length < 3);
  const inside = numbers.find(
    (one) => one !== day && /^(?:\d\d){1,2}$/.test(one.word) && (one.index > at || one.word.length === 4),
  );
  const [, after, rest] = inside ? [] : (/^\s*(\d{4})\b(.*)$/.exec(withoutZone(time.rest)) ?? []);
  const year = inside?.word ?? after;
  if (month === null || !day || year === undefined) return null;
  const zone = inside ? time.rest : `${zoneBefore(time.rest)}${rest ?? ''}`;
  return instantOf(fullYear(year), month, day.word.replace('.', ''), time.parts, zone);
}

/** `Fri Nov 24 10:00:00 EST 2023`: the zone stands before the year. */
const zoneBefore = (rest: string) => /^\s*([a-z]{1,5}|[+-]\d\d:?\d\d)\s+(?=\d{4}\b)/i.exec(rest)?.[1] ?? '';
const withoutZone = (rest: string) => rest.replace(/^\s*(?:[a-z]{1,5}|[+-]\d\d:?\d\d)\s+(?=\d{4}\b)/i, '');

interface Time {
  before: string;
  parts: (string | undefined)[];
  isTwelve: boolean;
  rest: string;
}

/** The time in a text and what stands around it; midnight when there is none. Null: it is no time. */
function timeIn(text: string): Time | null {
  const found = TIME.exec(text);
  if (!found) return { before: text, parts: [], isTwelve: false, rest: '' };
  const [whole, hour, , minute, second, half] = found;
  const isTwelve = half !== undefined;
  return {
    before: text.slice(0, found.index),
    parts: [isTwelve ? ofTwelve(hour, half) : hour, minute, second],
    isTwelve,
    rest: text.slice(found.index + whole.length),
  };
}

/** An hour of the clock's twelve. `14:02 PM` is written, too: the hour is right then. */
function ofTwelve(hour: string | undefined, half: string): string {
  const number = Number(hour);
  return String(number > 12 ? number : (number % 12) + (/p/i.test(half) ? 12 : 0));
}

/** RFC 2822 §4.3, with 70 as the turn. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

function instantOf(
  year: string | number | undefined,
  month: number,
  day: string | undefined,
  time: (string | undefined)[],
  zone = '',
): Date | null {
  const [hour = 0, minute = 0, second = 0] = time.map((part) => Number(part ?? 0));
  const minutesEast = minutesEastOf(zone);
  if (month < 0 || month > 11 || hour > 24 || minute > 59 || second > 60 || minutesEast === null) return null;
  const date = new Date(Date.UTC(Number(year), month, Number(day)));
  if (date.getUTCDate() !== Number(day)) return null; // 31 February
  const at = date.getTime() + ((hour * 60 + minute - minutesEast) * 60 + second) * 1000;
  return at >= EARLIEST ? new Date(at) : null;
}
