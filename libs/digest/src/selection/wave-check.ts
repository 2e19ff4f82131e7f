import type { Executor } from '#database/database.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import type { Renderer } from '#rendering/sandbox/renderer.js';
import { preparedDependence, preparedLines } from '../content/prepared-lines.js';
import { chosenBy, type Mask } from '../model/bit-mask.js';
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
  renderer: Renderer,
  compiled: CompiledEdition,
  articleIds: readonly string[],
): Promise<void> {
  const check = async (masks: readonly Mask[]) => {
    const sets = masks.map((mask) => chosenBy(mask, articleIds));
    await preparedLines(renderer, compiled, sets);
  };
  const depends = await preparedDependence(renderer, compiled.subjectTemplate);
  if (depends !== 'all' && depends.leading === 1) {
    await check(await repository.leads(tx, compiled.locale, depends.count));
    return;
  }
  for await (const masks of repository.sets(tx, compiled.locale, PAGE)) await check(masks);
}
