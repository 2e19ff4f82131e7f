import { invalidField } from '#kernel/errors/errors.js';

/** A field of a cron: its name in messages, the numbers it takes, and the names that stand for them. */
interface FieldKind {
  name: string;
  min: number;
  max: number;
  /** `names[i]` stands for `min + i`. */
  names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export const MINUTE: FieldKind = { name: 'minute', min: 0, max: 59 };
export const HOUR: FieldKind = { name: 'hour', min: 0, max: 23 };
export const DAY_OF_MONTH: FieldKind = { name: 'day of the month', min: 1, max: 31 };
export const MONTH: FieldKind = { name: 'month', min: 1, max: 12, names: MONTHS };
/** 0 and 7 are Sunday. */
export const DAY_OF_WEEK: FieldKind = { name: 'day of the week', min: 0, max: 7, names: WEEKDAYS };

/** The 422 about a cron that cannot be read. */
export function invalidCron(message: string) {
  return invalidField('schedule.cron', 'invalid_cron', message);
}

/**
 * Reads one field: `*`, `5`, `1-5`, `MON-FRI`, `*` or a range with a step (`8-18/2`), and lists of these.
 * `5/15` is from 5 to the end in steps of 15.
 * @returns the numbers, ascending
 * @throws DomainError `invalid_input` that names the field
 */
export function readField(kind: FieldKind, text: string): number[] {
  const values = new Set(text.split(',').flatMap((part) => readPart(kind, part)));
  return [...values].sort((a, b) => a - b);
}

/** One number or name of a field. */
export function readNumber(kind: FieldKind, text: string): number {
  const named = kind.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + kind.min : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  if (value >= kind.min && value <= kind.max) return value;
  throw invalidCron(
    `“${text}” is no ${kind.name}: ${kind.min} to ${kind.max}${kind.names ? ' or a name' : ''}.`,
  );
}

function readPart(kind: FieldKind, part: string): number[] {
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) {
    throw invalidCron(`“${part}” in the ${kind.name} has no step that can be used, such as */15.`);
  }
  const [first, last] = readRange(kind, range, step !== undefined);
  const values: number[] = [];
  for (let value = first; value <= last; value += Number(step ?? 1)) values.push(value);
  return values;
}

function readRange(kind: FieldKind, range: string, stepped: boolean): [number, number] {
  // A week written `*` has seven days, not Sunday twice, or a step would count it twice.
  if (range === '*') return [kind.min, kind === DAY_OF_WEEK ? 6 : kind.max];
  const [from = '', to, ...rest] = range.split('-');
  if (rest.length > 0) throw invalidCron(`“${range}” is not a range of the ${kind.name}.`);
  const first = readNumber(kind, from);
  if (to === undefined) return [first, stepped ? (kind === DAY_OF_WEEK ? 6 : kind.max) : first];
  // SAT-SUN and FRI-SUN: a week may end on Sunday.
  const end = readNumber(kind, to);
  const last = kind === DAY_OF_WEEK && end === 0 && first > 0 ? 7 : end;
  if (first > last)
    throw invalidCron(`“${range}” in the ${kind.name} runs backwards; write two, joined by a comma.`);
  return [first, last];
}
