import { encodeBetweenBreaks } from './quoted-printable.js';
import {
  ALL_PLACEHOLDERS,
  placeholderText,
  type PlaceholderName,
  type PlaceholderValues,
} from '../template/placeholders.js';

/** HTML has values escaped. */
export type PartKind = 'html' | 'text';

/** A placeholder in an encoded part, and how its value is to be written there. One object for each combination. */
export interface PlaceholderUse {
  readonly placeholder: PlaceholderName;
  readonly kind: PartKind;
  readonly as: 'quoted-printable' | '8bit';
}

/** Constant bytes, or a placeholder. */
export type WirePart = Buffer | PlaceholderUse;

/**
 * Octets a value may have to be written as it is. An address has at most 254 (RFC 5321 §4.5.3.1), our links about 200;
 * with two of them a line has still room below 998.
 */
export const VALUE_ROOM = 300;

const ALL = new Map(
  ALL_PLACEHOLDERS.flatMap((placeholder) =>
    (['html', 'text'] as const).flatMap((kind) =>
      (['quoted-printable', '8bit'] as const).map((as): [string, PlaceholderUse] => [
        `${placeholder} ${kind} ${as}`,
        { placeholder, kind, as },
      ]),
    ),
  ),
);

export function placeholderUse(
  placeholder: PlaceholderName,
  kind: PartKind,
  as: PlaceholderUse['as'],
): PlaceholderUse {
  return ALL.get(`${placeholder} ${kind} ${as}`) as PlaceholderUse;
}

/**
 * Writes one reader's value for a placeholder. Line breaks in it are spaces.
 * @param written what was written for this reader before, by value
 * @returns null when it can't be written as it is, because the line might then begin with a dot or be too long
 * @throws Error when the placeholder has no value
 */
export function writeValue(
  use: PlaceholderUse,
  values: PlaceholderValues,
  written: Map<string, Buffer>,
): Buffer | null {
  const value = placeholderText(use.placeholder, values, use.kind);
  if (use.as === '8bit') return writeAsItIs(value);
  const known = written.get(value);
  if (known) return known;
  const made = Buffer.from(encodeBetweenBreaks(oneLine(value)), 'latin1');
  written.set(value, made);
  return made;
}

/** An empty one would let what follows begin the line, which may be a dot. */
function writeAsItIs(value: string): Buffer | null {
  if (!value || /^(\.|From )|\0/.test(value)) return null;
  const bytes = Buffer.from(oneLine(value));
  return bytes.length <= VALUE_ROOM ? bytes : null;
}

function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ');
}
