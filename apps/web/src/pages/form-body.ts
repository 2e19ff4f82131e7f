import type { FastifyRequest } from 'fastify';

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
  const fields = new Map<string, unknown>();
  for (const [key, value] of pairs) {
    const name = key.replace(/\[\]$/, '');
    const before = fields.get(name);
    const values = [before, value].flat().filter((item) => item !== undefined);
    fields.set(name, values.length === 1 && !Array.isArray(value) ? values[0] : values);
  }
  return Object.fromEntries(fields);
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
  for await (const part of request.parts()) {
    if (part.type === 'field') pairs.push([part.fieldname, part.value]);
    else part.file.resume();
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
