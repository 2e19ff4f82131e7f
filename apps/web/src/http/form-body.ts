import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors/errors.js';

/** The fields of a posted form. A field given more than once is a list. */
export type FormFields = Record<string, unknown>;

/** Whether the body is JSON: then it is no form and the answer is JSON too. */
export function isJson(request: FastifyRequest): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '');
}

/** Whether to answer with JSON: the body is JSON, or a script posted a form and asks for it. */
export function wantsJson(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '';
  return isJson(request) || (accept.includes('application/json') && !accept.includes('text/html'));
}

/** Gathers pairs; `topics[]` is the same field as `topics`. */
export function gather(pairs: Iterable<readonly [string, unknown]>): FormFields {
  const fields = new Map<string, { values: unknown[]; isList: boolean }>();
  for (const [key, value] of pairs) {
    const name = key.replace(/\[\]$/, '');
    const field = fields.get(name) ?? { values: [], isList: false };
    // Pushed, not joined: of ten thousand of one name each join would copy all before it.
    for (const item of [value].flat()) if (item !== undefined) field.values.push(item);
    field.isList = Array.isArray(value) || field.values.length > 1;
    fields.set(name, field);
  }
  return Object.fromEntries(
    [...fields].map(([name, { values, isList }]) => [name, isList ? values : values[0]]),
  );
}

/** What the multipart parser throws: its limits know their status, a missing boundary or an early end does not. */
export function unreadableForm(error: unknown): unknown {
  if (error instanceof DomainError || (error as { statusCode?: number }).statusCode !== undefined)
    return error;
  return new DomainError('malformed', 'The form cannot be read: check its multipart encoding.', {
    cause: error,
  });
}

/** Reads a form that was posted urlencoded, as multipart or as JSON. Files are dropped. */
export async function readForm(request: FastifyRequest): Promise<FormFields> {
  if (!request.isMultipart()) {
    const { body } = request;
    return body !== null && typeof body === 'object' && !Array.isArray(body)
      ? gather(Object.entries(body))
      : {};
  }
  const pairs: [string, unknown][] = [];
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') pairs.push([part.fieldname, part.value]);
      else part.file.resume();
    }
  } catch (error) {
    throw unreadableForm(error);
  }
  return gather(pairs);
}

/** A field that is a single text; anything else counts as not given. */
export function textOf(fields: FormFields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** A field as a list of texts, however many were ticked. */
export function listOf(fields: FormFields, name: string): string[] {
  return [fields[name]].flat().filter((item): item is string => typeof item === 'string' && item !== '');
}
