import { z } from 'zod/mini';
import { setQueryParams, useQueryParams } from './router';

/** One of some words; anything else in the address is as if it were not there. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return z.catch(z.optional(z.enum(words)), undefined);
}

/** Free words: what is searched for, an id. */
export const words = z.catch(z.optional(z.string().check(z.maxLength(320))), undefined);

/**
 * What an address asks of a page: its filters, its tab, what is searched for. They live in the address alone, so that links and
 * Back work.
 *
 * @param schema an object whose fields are made by {@link oneOf} and {@link words}
 * @returns the filters that are set, and what changes some of them; `''` takes one away
 */
export function useFilters<Shape extends Record<string, z.ZodMiniType>>(schema: z.ZodMiniObject<Shape>) {
  const filters = schema.parse(Object.fromEntries(useQueryParams()));
  const set = (changed: Partial<Record<keyof Shape & string, string>>) =>
    setQueryParams(changed as Record<string, string>);
  return [filters, set] as const;
}
