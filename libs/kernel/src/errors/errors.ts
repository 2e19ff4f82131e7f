/** Every error code the product answers with, and the HTTP status it maps to. The only such table. */
export const ERROR_STATUS = {
  malformed: 400,
  unauthorized: 401,
  second_factor_required: 401,
  forbidden: 403,
  fresh_sign_in_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  wrong_state: 409,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  idempotency_mismatch: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** What is wrong with one field of an input, in words that say how to mend it. */
export interface FieldError {
  /** Path of the field, dotted: `schedule.cron`, `topics.0`. */
  field: string;
  /** Stable machine-readable reason: `required`, `invalid`, `too_long` … */
  code: string;
  message: string;
}

export interface DomainErrorOptions {
  cause?: unknown;
  errors?: FieldError[];
  /** Members added to the problem document, such as the state that forbade the change. */
  extra?: Record<string, unknown>;
  /** Seconds after which another try makes sense; becomes `Retry-After`. */
  retryAfter?: number;
}

/** An error that a user is meant to see: it has a stable code and says what to do. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[] | undefined;
  readonly extra: Record<string, unknown> | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.errors = options.errors;
    this.extra = options.extra;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** 422 with the fields at fault. */
export function invalidInput(errors: FieldError[], message = 'Some fields need mending.'): DomainError {
  return new DomainError('invalid_input', message, { errors });
}

/** 422 about a single field. */
export function invalidField(field: string, code: string, message: string): DomainError {
  return invalidInput([{ field, code, message }]);
}

/** 404 for a kind of thing: `notFound('article')`. */
export function notFound(kind: string): DomainError {
  return new DomainError('not_found', `There is no such ${kind}.`);
}

/** 409 naming the state that stands in the way. */
export function wrongState(message: string, state: string): DomainError {
  return new DomainError('wrong_state', message, { extra: { state } });
}

/** What is wrong in one line, with the fields at fault: for where there is no form to show them at. */
export function inWords({ message, errors }: DomainError): string {
  if (!errors || errors.length === 0) return message;
  return errors.map((error) => `${error.field}: ${error.message}`).join(' ');
}
