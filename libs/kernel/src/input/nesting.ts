/** Deeper than anything meant for us; so far a recursive reader of the value has stack enough. */
export const MAX_NESTING = 64;

/** Tells whether arrays and objects stand in each other deeper than this. */
export function isNestedDeeper(value: unknown, levels = MAX_NESTING): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((item) => isNestedDeeper(item, levels - 1));
}
