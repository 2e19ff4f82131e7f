import type { z } from 'zod';
import type { FieldError } from './errors.js';
import { invalidInput } from './errors.js';

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
 * Parses a value against a schema.
 * @param root the field name used when the value as a whole is wrong (`body`, `query`)
 * @throws DomainError `invalid_input` naming every field at fault
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown, root = 'body'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidInput(result.error.issues.flatMap((issue) => fieldErrors(issue, root)));
}
