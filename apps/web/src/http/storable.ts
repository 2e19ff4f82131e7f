import { notFound } from '#kernel/errors/errors.js';

/** PostgreSQL's text holds no NUL, and no text of ours has one. */
export function isStorable(text: unknown): text is string {
  return typeof text === 'string' && !text.includes('\0');
}

/** A slug from a path. @throws DomainError `not_found` for one that nothing can have */
export function slugOf(kind: string, text: string): string {
  if (!isStorable(text)) throw notFound(kind);
  return text;
}
