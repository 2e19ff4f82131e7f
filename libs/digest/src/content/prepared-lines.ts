import { prepared } from '#database/prepared.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import {
  hasPlainLines,
  isPlain,
  lineSource,
  type LineSource,
  type VariantLines,
} from '#rendering/edition/lines.js';
import type { Renderer } from '#rendering/sandbox/renderer.js';
import type { SubjectDependence } from '#rendering/edition/subject-dependence.js';

/**
 * The lines of some sets of an edition's articles, `prepared` for the transaction that needs them. Plain ones are written right away:
 * there is nothing to wait for, and a transaction is not run again for them.
 * @throws DomainError `invalid_input` naming `subject` and the line
 */
export function preparedLines(
  renderer: Renderer,
  of: LineSource | CompiledEdition,
  sets: readonly (readonly string[])[],
): Promise<VariantLines[]> {
  if (hasPlainLines(of)) return renderer.lines(of, sets);
  const source = 'shell' in of ? lineSource(of) : of;
  return prepared(['lines', source, sets], () => renderer.lines(source, sets));
}

/** What a subject depends on, prepared as {@link preparedLines} are. */
export function preparedDependence(renderer: Renderer, template: string | null): Promise<SubjectDependence> {
  if (isPlain(template)) return renderer.subjectDependence(template);
  return prepared(['dependence', template], () => renderer.subjectDependence(template));
}
