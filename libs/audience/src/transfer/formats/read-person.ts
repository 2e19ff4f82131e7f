import type { MailAddress } from '#kernel/input/address.js';
import type { FieldError } from '#kernel/errors/errors.js';
import type { Offer } from '../../choices/offer.js';
import { unguardCell } from '../../operator/csv-cell.js';
import { IMPORT_COLUMNS, readCells, type ImportColumn, type ImportRow } from '../../operator/import-row.js';
import type { ImportSettings } from '../imports/import.schemas.js';
import { nameOf, tagsOf, timeOf, yesOrNo } from './cells.js';
import type { ColumnMapping, Field } from './fields.js';
import { wordsOf, type FormatName } from './formats.js';
import { standingOf, type Standing } from './standing.js';
import { isZone, localeOf, topicsIn } from './tolerance.js';

/** How the lines of one file are read. */
export interface Reading {
  format: FormatName;
  mapping: readonly ColumnMapping[];
  settings: ImportSettings;
  offer: Offer;
  /** For pauses, and times that cannot be. */
  today: string;
  now: Date;
}

/** What a line comes to. */
export type Person =
  | { kind: 'reader'; row: ImportRow }
  | { kind: 'gone'; line: number; email: MailAddress }
  | { kind: 'skipped'; code: string }
  | { kind: 'failed'; errors: FieldError[] };

const failed = (field: string, code: string, message: string): Person => ({
  kind: 'failed',
  errors: [{ field, code, message }],
});

type Cells = Partial<Record<Field, string[]>>;

/** Reads one line of a file. What it cannot understand of a standing is an error: a guess could mail somebody who left. */
export function readPerson(reading: Reading, record: readonly string[], line: number): Person {
  const { mapping, settings, offer, today } = reading;
  // A spreadsheet leaves empty cells off at the end, and puts some there.
  if (record.length > mapping.length && record.slice(mapping.length).some((cell) => cell.trim() !== '')) {
    const message = `This line has ${record.length} cells, the header ${mapping.length}.`;
    return failed('line', 'cell_count', message);
  }
  const cells = cellsOf(mapping, record);
  const standing = standingIn(cells, reading);
  if (standing === undefined) {
    const word = (cells.status?.[0] || answersOf(cells).find(isUnclear) || '').slice(0, 50);
    return failed(
      'status',
      'unknown_status',
      `Nothing says what “${word}” means; map the column to something else, or mend it.`,
    );
  }
  if (standing === 'absent') return { kind: 'skipped', code: 'not_subscribed' };
  if (standing === 'pending' && settings.unconfirmed === 'skip')
    return { kind: 'skipped', code: 'unconfirmed' };
  const isGone = standing !== 'active' && standing !== 'pending';
  if (isGone && settings.gone === 'skip') return { kind: 'skipped', code: `${standing}_there` };
  const isSuppressed = isGone && (settings.gone === 'suppress' || standing === 'blocked');
  const status = standing === 'blocked' ? 'unsubscribed' : standing;
  const given = givenBy(cells, record, reading);
  if ('kind' in given) return given;
  // Of somebody who is not to be mailed nothing but the address matters.
  const row = readCells(
    isSuppressed
      ? { email: given.email ?? '' }
      : { ...given, status: isGone ? status : settings.confirm ? 'pending' : status },
    line,
    offer,
    today,
    true,
  );
  if (Array.isArray(row)) return { kind: 'failed', errors: row };
  if (isSuppressed) return { kind: 'gone', line, email: row.email };
  const isWishGeneral =
    (settings.digests.length > 0 && !isSaid(cells.digests)) ||
    (settings.topics.length > 0 && !isSaid(cells.topics));
  return { kind: 'reader', row: { ...row, isWishGeneral, consentedAt: consentedAt(cells, reading.now) } };
}

function cellsOf(mapping: readonly ColumnMapping[], record: readonly string[]): Cells {
  const cells: Cells = {};
  for (const [index, { field }] of mapping.entries()) {
    if (field === 'ignore' || field === 'attribute') continue;
    (cells[field] ??= []).push(unguardCell((record[index] ?? '').trim()));
  }
  return cells;
}

const isSaid = (cells: readonly string[] | undefined) => (cells ?? []).some((cell) => cell !== '');

const answersOf = (cells: Cells) =>
  [...(cells.opted_out ?? []), ...(cells.opted_in ?? [])].filter((cell) => cell !== '');
const isUnclear = (cell: string) => yesOrNo(cell) === undefined;

/** The gravest of what the columns say; undefined: a word that nobody knows. */
function standingIn(cells: Cells, { format, settings }: Reading): Standing | undefined {
  const word = cells.status?.[0] ?? '';
  const said = word === '' ? (settings.everybody ?? 'active') : standingOf(word, wordsOf(format));
  if (said === undefined || (said !== 'active' && said !== 'pending')) return said;
  if (isSaid(cells.bounced_at)) return 'bounced';
  if (answersOf(cells).some(isUnclear)) return undefined;
  const hasLeft =
    isSaid(cells.unsubscribed_at) ||
    (cells.opted_out ?? []).some((cell) => yesOrNo(cell) === true) ||
    (cells.opted_in ?? []).some((cell) => yesOrNo(cell) === false);
  return hasLeft ? 'unsubscribed' : said;
}

/** The cells as the columns of our own files; foreign ones are made to fit, or are left out. */
function givenBy(
  cells: Cells,
  record: readonly string[],
  reading: Reading,
): Partial<Record<ImportColumn, string>> | Person {
  const { format, settings, offer } = reading;
  const given: Partial<Record<ImportColumn, string>> = {};
  for (const column of IMPORT_COLUMNS) {
    const cell = cells[column]?.[0];
    if (cell?.includes('\ufffd')) {
      return failed(column, 'encoding', 'A character is broken: save the file as UTF-8.');
    }
    if (cell) given[column] = cell;
  }
  delete given.status;
  const attributes = attributesIn(cells, record, reading);
  if (attributes === undefined) return failed('attributes', 'malformed', 'Write a JSON object.');
  if (format !== 'broadsheet') {
    given.name = nameOf(given.name) || nameOf(cells.first_name?.[0], cells.last_name?.[0]);
    given.locale = localeOf(given.locale);
    if (given.time_zone && !isZone(given.time_zone)) given.time_zone = '';
    if (given.topics) {
      const { known, unknown } = topicsIn(tagsOf(given.topics), offer);
      given.topics = known.join(';');
      if (unknown.length > 0) attributes['tags'] = [...new Set([...listed(attributes['tags']), ...unknown])];
    }
  }
  given.locale ||= settings.locale ?? '';
  given.topics ||= settings.topics.join(';');
  given.digests ||= settings.digests.join(';');
  given.attributes = Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : '';
  return given;
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** @returns undefined when a cell of attributes is no JSON object */
function attributesIn(
  cells: Cells,
  record: readonly string[],
  { mapping }: Reading,
): Record<string, unknown> | undefined {
  let all: Record<string, unknown> = {};
  const json = cells.attributes?.[0];
  if (json) {
    const read = objectOf(json);
    if (!read) return undefined;
    all = read;
  }
  for (const [index, { field, attribute }] of mapping.entries()) {
    const cell = unguardCell((record[index] ?? '').trim());
    if (field === 'attribute' && attribute && cell) all[attribute] = cell;
  }
  const tags = (cells.tags ?? []).flatMap(tagsOf);
  if (tags.length > 0) all['tags'] = [...new Set([...listed(all['tags']), ...tags])];
  return all;
}

function objectOf(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined; // SyntaxError
  }
}

function consentedAt(cells: Cells, now: Date): Date | undefined {
  for (const cell of cells.consented_at ?? []) {
    const at = timeOf(cell, now);
    if (at) return at;
  }
  return undefined;
}
