import { z } from 'zod';

/** What the shapes of answers share. They are for the OpenAPI document. */
export const id = z.string().describe('Opaque.');
export const instant = z.iso.datetime().describe('RFC 3339, UTC.');
export const count = z.int().min(0);
export const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();

export const pageOf = (item: z.ZodType) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page.') });
