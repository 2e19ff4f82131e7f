import { z } from 'zod';
import type { FieldError } from '../errors/errors.js';
import { invalidField, invalidInput } from '../errors/errors.js';

const CODES: Record<string, string> = {
  too_small: 'too_small',
  too_big: 'too_big',
  invalid_type: 'invalid_type',
  invalid_format: 'invalid_format',
  invalid_value: 'invalid_value',
  unrecognized_keys: 'unknown_field',
  custom: 'invalid',
};

function fieldErrors(issue: z.core.$ZodIssue, root: string): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...path, key].join('.'),
      code: 'unknown_field',
      message: `There is no field "${key}" here; remove it or check its spelling.`,
    }));
  }
  const missing = issue.code === 'invalid_type' && issue.message.includes('received undefined');
  const params = issue.code === 'custom' ? (issue.params as { code?: string } | undefined) : undefined;
  return [
    {
      field: path.join('.') || root,
      code: missing ? 'required' : (params?.code ?? CODES[issue.code] ?? issue.code),
      message: missing ? 'This field is required.' : issue.message,
    },
  ];
}

/**
 * What the database cannot hold: PostgreSQL's text and jsonb know neither U+0000 nor half a surrogate pair, and a hash
 * of such a text would not be that of what is read back.
 */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Where in a value there is such a text. */
function unstorable(value: unknown, path: string[] = []): string[] | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? path : undefined;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  if (!isPlain) return undefined;
  for (const [key, item] of Object.entries(value as object)) {
    const found = unstorable(key, path) ?? unstorable(item, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

/** An input that may be left out altogether, which is an empty one then. */
export const orNothing = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? {}, schema);

/**
 * Parses a value against a schema, and sees to it that the database can hold what comes out.
 * @param root the field name used when the value as a whole is wrong (`body`, `query`)
 * @throws DomainError `invalid_input` naming every field at fault
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown, root = 'body'): T {
  const result = schema.safeParse(value);
  if (result.success) {
    const path = unstorable(result.data);
    if (!path) return result.data;
    throw invalidField(path.join('.') || root, 'control_characters', 'This holds a character that is none.');
  }
  throw invalidInput(result.error.issues.flatMap((issue) => fieldErrors(issue, root)));
}
