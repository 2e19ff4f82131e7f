import { STATUS_CODES } from 'node:http';
import type { FieldError } from './errors.js';
import { DomainError, ERROR_STATUS } from './errors.js';

/** An RFC 9457 problem document as this API writes it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: FieldError[];
  [member: string]: unknown;
}

/**
 * Turns any error into the problem a client may see. Unknown errors become a 500 that tells nothing of the inside.
 * Source: RFC 9457 §3.
 */
export function toProblem(error: unknown): Problem {
  const known =
    error instanceof DomainError
      ? error
      : new DomainError('internal', 'Something went wrong on our side. It has been logged; try again.');
  const status = ERROR_STATUS[known.code];
  return {
    ...known.extra,
    type: `urn:broadsheet:problem:${known.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: known.message,
    code: known.code,
    ...(known.errors ? { errors: known.errors } : {}),
  };
}
