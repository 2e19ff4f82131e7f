import { chosenFragments } from './chosen-fragments.js';
import type { CompiledEdition } from './compiled-edition.js';
import { joinVariant, type Variant, type VariantOptions } from './join-variant.js';
import { variantLines } from './variant-lines.js';

/** A variant with its lines: writes these, which runs the operator's Liquid, and joins. As {@link joinVariant}. */
export function composeVariant(
  compiled: CompiledEdition,
  articleIds: readonly string[],
  options: VariantOptions = {},
): Variant {
  const lines = variantLines(compiled, chosenFragments(compiled, articleIds));
  return joinVariant(compiled, articleIds, lines, options);
}
