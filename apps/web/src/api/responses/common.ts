import { z } from 'zod';

/** What the shapes of answers share. They are for the OpenAPI document. */
export const id = z.string().describe('Opaque.');
export const instant = z.iso.datetime().describe('RFC 3339, UTC.');
export const count = z.int().min(0);
export const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();

const pages = new Map<z.ZodType, z.ZodType>();

/** A page of a list; of a named item it is named too: `ArticlePage`. */
export function pageOf(item: z.ZodType): z.ZodType {
  const known = pages.get(item);
  if (known) return known;
  const page = z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().describe('Null on the last page.'),
  });
  const name = item.meta()?.id;
  const named = name ? page.meta({ id: `${name}Page` }) : page;
  pages.set(item, named);
  return named;
}

export const fieldError = z
  .object({
    field: z.string().describe('Its path: `schedule.cron`, `topics.0`.'),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'FieldError' });

/** Every answer that is no success. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.string(),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });
