import { z } from 'zod';
import { isId } from '#kernel/ids.js';

export const MAX_SLUG = 80;

/** Lower-case words of any script with hyphens between; never the shape of an id, since both name a thing. */
export const slugField = z
  .string()
  .trim()
  .max(MAX_SLUG)
  .regex(/^[\p{Ll}\p{Lo}\p{M}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{M}\p{N}]+)*$/u, {
    error: 'Use small letters, digits and single hyphens, such as city-council.',
  })
  .refine((slug) => !isId(slug), { error: 'A slug may not look like an id.', params: { code: 'invalid' } });

/** A slug from a name: accents dropped, anything else between words becomes a hyphen. @returns '' if nothing is left */
export function slugFrom(name: string): string {
  return (
    name
      .normalize('NFKD')
      // Latin accents only: in other scripts the marks are part of the word.
      .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
      .normalize('NFC')
      .toLowerCase()
      .replace(/ß/g, 'ss')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .slice(0, MAX_SLUG)
      .replace(/^-+|-+$/g, '')
  );
}
