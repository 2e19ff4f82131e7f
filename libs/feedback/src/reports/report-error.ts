import { DomainError } from '#kernel/errors/errors.js';

/** What is wrong with the content of a report: it is too large, broken, no report at all, or packed in a way that is not read. */
export type ReportFault = 'too_large' | 'damaged' | 'not_a_report' | 'unsupported';

const CODES = {
  too_large: 'too_large',
  damaged: 'malformed',
  not_a_report: 'malformed',
  unsupported: 'unsupported_media_type',
} as const;

/** @returns an error to throw, its fault in `extra.fault` */
export function reportError(fault: ReportFault, message: string, cause?: unknown): DomainError {
  return new DomainError(CODES[fault], message, { extra: { fault }, cause });
}
