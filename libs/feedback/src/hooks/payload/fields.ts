import { z } from 'zod';

/*
 * Fields of what others send: one that is missing, null or of another type is undefined, and the rest is read all the same.
 * Objects of these keep out what they do not name.
 */

export const text = z.string().optional().catch(undefined);
/** A text, or a number that some providers send instead. */
export const textOrNumber = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
/** A number, or a text of one. */
export const numeric = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*-?\d{1,15}(?:\.\d{1,9})?\s*$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);
export const flag = z.boolean().optional().catch(undefined);
/** A list of texts; a text alone is a list of one. */
export const texts = z
  .union([z.array(z.string()), z.string().transform((one) => [one])])
  .optional()
  .catch(undefined);
/** Values by name, whatever they are. */
export const named = z.record(z.string(), z.unknown()).optional().catch(undefined);

/** An object within another. */
export const part = <S extends z.ZodRawShape>(shape: S) => z.object(shape).optional().catch(undefined);
/** A list of objects; those that are none are left out. */
export const parts = <S extends z.ZodRawShape>(shape: S) =>
  z
    .array(z.object(shape).nullable().catch(null))
    .transform((all) => all.filter((one) => one !== null))
    .optional()
    .catch(undefined);

/** Years that are kept with four digits. */
const [EARLIEST, LATEST] = [Date.UTC(1970, 0, 2), Date.UTC(9999, 0)];

/** A time by any of the ways in which it is sent. @returns undefined: it is none */
export function timeOf(value: string | number | undefined, unit: 's' | 'ms' = 's'): Date | undefined {
  if (value === undefined) return undefined;
  const numeral =
    typeof value === 'number' || /^\d{1,16}(?:\.\d{1,9})?$/.test(value) ? Number(value) : undefined;
  const at = numeral === undefined ? Date.parse(String(value)) : numeral * (unit === 's' ? 1000 : 1);
  return at >= EARLIEST && at < LATEST ? new Date(at) : undefined;
}
