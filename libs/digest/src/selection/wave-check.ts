import type { Executor } from '#database/database.js';
import type { CompiledEdition } from '#rendering/compiled-edition.js';
import { subjectDependence } from '#rendering/subject-dependence.js';
import { chosenFragments, variantLines } from '#rendering/variant-lines.js';
import { chosenBy, type Mask } from './bit-mask.js';
import type { SelectionRepository } from './selection.repository.js';

/** Sets of articles read at once where each has to be looked at. */
const PAGE = 5_000;

/**
 * Writes the subject of every variant of a language once, so that none fails when messages are under way. Of variants whose
 * subject must be the same only one is written.
 * @param articleIds the wave's
 * @throws DomainError `invalid_input` naming `subject` and the line
 */
export async function checkEveryVariant(
  tx: Executor,
  repository: SelectionRepository,
  compiled: CompiledEdition,
  articleIds: readonly string[],
): Promise<void> {
  const check = (masks: readonly Mask[]) => {
    for (const mask of masks) variantLines(compiled, chosenFragments(compiled, chosenBy(mask, articleIds)));
  };
  const depends = subjectDependence(compiled.subjectTemplate);
  if (depends !== 'all' && depends.leading === 1) {
    check(await repository.leads(tx, compiled.locale, depends.count));
    return;
  }
  for await (const masks of repository.sets(tx, compiled.locale, PAGE)) check(masks);
}
