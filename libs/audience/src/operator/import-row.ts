import { z } from 'zod';
import type { MailAddress } from '#kernel/input/address.js';
import type { SubscriberStatus } from '#database/schema/index.js';
import { SUBSCRIBER_STATUSES } from '#database/schema/index.js';
import { DomainError, invalidField, invalidInput, type FieldError } from '#kernel/errors/errors.js';
import { validate } from '#kernel/input/validate.js';
import { pausedUntilField, subscriptionsInput, preferencesFields } from '../choices/choice-fields.js';
import { resolveWish, type Wish } from '../choices/choices.js';
import { NO_DIGESTS, splitCell, unguardCell } from './csv-cell.js';
import {
  attributesField,
  blankable,
  emailField,
  line,
  localeField,
  timeZoneField,
} from '../publication/fields.js';
import type { Offer } from '../choices/offer.js';
import { openPause, pauseProblem } from '../choices/pause.js';

/** The columns an import reads; only `email` must be there. */
export const IMPORT_COLUMNS = [
  'email',
  'name',
  'locale',
  'time_zone',
  'topics',
  'digests',
  'status',
  'attributes',
  'cadence',
  'weekday',
  'hour',
  'alerts',
  'paused_until',
  'subscriptions',
] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

/** Columns of our own export that say what was, not what is to be. */
const IGNORED = ['id', 'created_at', 'confirmed_at', 'unsubscribed_at'];

const jsonCell = <T extends z.ZodType>(schema: T, kind: string) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({
          code: 'custom',
          message: `Write a JSON ${kind}.`,
          params: { code: 'malformed' },
        });
        return z.NEVER;
      }
    })
    .pipe(schema as z.ZodType<z.output<T>>);

const cells = z.object({
  email: emailField,
  name: blankable(line(200)),
  locale: blankable(localeField),
  time_zone: blankable(timeZoneField),
  topics: blankable(z.string()),
  digests: blankable(z.string()),
  status: blankable(z.enum(SUBSCRIBER_STATUSES)),
  attributes: blankable(jsonCell(attributesField, 'object')),
  ...preferencesFields,
  paused_until: pausedUntilField,
  subscriptions: blankable(jsonCell(subscriptionsInput, 'array')),
});

/** One line of the file. What is undefined was left blank. */
export interface ImportRow {
  line: number;
  email: MailAddress;
  name: string | undefined;
  locale: string | undefined;
  timeZone: string | undefined;
  attributes: Record<string, unknown> | undefined;
  status: SubscriberStatus;
  /** When they gave their consent, where the file says so; else when the operator states. */
  consentedAt?: Date | undefined;
  /** Of digests and topics that exist. */
  wish: Wish;
  /** The wish is the operator's, for all in the file: who is here already keeps what they chose. */
  isWishGeneral?: boolean | undefined;
}

/**
 * Reads the header.
 * @returns the column at each place; undefined where it is ignored
 * @throws DomainError `invalid_input` about `file`
 */
export function readHeader(record: readonly string[]): (ImportColumn | undefined)[] {
  const names = record.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  const unknown = names.find((name) => !isColumn(name) && !IGNORED.includes(name));
  if (!names.includes('email')) {
    throw invalidField(
      'file',
      'missing_column',
      `The first line must name the columns, separated by commas: ${IMPORT_COLUMNS.join(',')}. "email" is missing.`,
    );
  }
  if (unknown !== undefined) {
    throw invalidField(
      'file',
      'unknown_column',
      `There is no column "${unknown.slice(0, 50)}"; remove it or rename it to one of ${IMPORT_COLUMNS.join(', ')}.`,
    );
  }
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) {
    throw invalidField('file', 'doubled_column', `The column "${doubled}" is there twice; keep one.`);
  }
  return names.map((name) => (isColumn(name) ? name : undefined));
}

function isColumn(name: string): name is ImportColumn {
  return (IMPORT_COLUMNS as readonly string[]).includes(name);
}

/**
 * Reads one line.
 * @param today for pauses: those that are over by then are dropped, as the file may be an old one
 * @param stated whether the operator stated how these people gave their consent; without it nobody becomes active
 * @returns the row, or what is wrong with its cells
 */
export function readRow(
  columns: readonly (ImportColumn | undefined)[],
  record: readonly string[],
  line: number,
  offer: Offer,
  today: string,
  stated: boolean,
): ImportRow | FieldError[] {
  if (record.length !== columns.length) {
    const message = `This line has ${record.length} cells, the header ${columns.length}.`;
    return [{ field: 'line', code: 'cell_count', message }];
  }
  const given: Partial<Record<ImportColumn, string>> = {};
  for (const [index, column] of columns.entries()) {
    if (!column) continue;
    const text = unguardCell((record[index] ?? '').trim());
    if (text.includes('\ufffd')) {
      return [{ field: column, code: 'encoding', message: 'Save the file as UTF-8: a character is broken.' }];
    }
    given[column] = text;
  }
  return readCells(given, line, offer, today, stated);
}

/**
 * Reads the cells of one line, by the names of their columns; see {@link readRow}.
 * @returns the row, or what is wrong with its cells
 */
export function readCells(
  given: Partial<Record<ImportColumn, string>>,
  line: number,
  offer: Offer,
  today: string,
  stated: boolean,
): ImportRow | FieldError[] {
  try {
    const read = validate<z.output<typeof cells>>(cells, given, 'line');
    if (read.status === 'active' && !stated) {
      const message = 'State for the file how these readers gave their consent, or leave the status blank.';
      return [{ field: 'status', code: 'needs_consent', message }];
    }
    const wish = wishOf(read, today);
    resolveWish(offer, wish); // refuses what does not exist
    return {
      line,
      email: read.email,
      name: read.name,
      locale: read.locale,
      timeZone: read.time_zone,
      attributes: read.attributes,
      status: read.status ?? (stated ? 'active' : 'pending'),
      wish,
    };
  } catch (error) {
    if (error instanceof DomainError && error.errors) return error.errors;
    throw error;
  }
}

/** What a line says of digests. @throws DomainError `invalid_input` about a pause that is too long */
function wishOf(read: z.output<typeof cells>, today: string): Wish {
  const far = [
    ...(read.subscriptions ?? []).map(
      ({ pausedUntil }, index) => [pausedUntil, `subscriptions.${index}.pausedUntil`] as const,
    ),
    [read.paused_until, 'paused_until'] as const,
  ].flatMap(([day, field]) => pauseProblem(day && openPause(day, today), today, field) ?? []);
  if (far.length > 0) throw invalidInput(far);
  return {
    topics: read.topics === undefined ? undefined : splitCell(read.topics),
    digests:
      read.digests === undefined ? undefined : read.digests === NO_DIGESTS ? null : splitCell(read.digests),
    cadence: read.cadence,
    weekday: read.weekday,
    hour: read.hour,
    alerts: read.alerts,
    pausedUntil: read.paused_until && openPause(read.paused_until, today),
    subscriptions: read.subscriptions?.map((item) => ({
      ...item,
      pausedUntil: item.pausedUntil && openPause(item.pausedUntil, today),
    })),
  };
}
