import { invalidField, type DomainError } from '#kernel/errors/errors.js';

/** Why something on the web was not fetched. Stable. */
export type FetchErrorCode =
  | 'invalid_url'
  | 'address_refused'
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'bad_answer'
  | 'redirect'
  | 'http_status'
  | 'not_a_feed'
  | 'no_article';

export interface FetchErrorDetails {
  cause?: unknown;
  /** The HTTP status, if it was the reason. */
  status?: number;
  /** When the server wants to be asked again. */
  retryAt?: Date | null;
}

/** Nothing was fetched, or nothing that can be used. The message is for the operator. */
export class FetchError extends Error {
  readonly status: number | undefined;
  readonly retryAt: Date | null;

  constructor(
    readonly code: FetchErrorCode,
    message: string,
    { cause, status, retryAt }: FetchErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'FetchError';
    this.status = status;
    this.retryAt = retryAt ?? null;
  }

  /** As a 422 about the field `url`. */
  asInvalidUrl(): DomainError {
    return invalidField('url', this.code, this.message);
  }
}
