import { DomainError } from '#kernel/errors/errors.js';
import type { Section } from '../template/views.js';
import type { Form, Fragment } from './compiled-edition.js';

const byId = new WeakMap<object, Map<string, unknown>>();

/** @throws DomainError `not_found` when an article is not one of the edition's */
export function chosenFragments<F extends Pick<Fragment, 'articleId'> = Fragment>(
  { fragments }: { fragments: readonly F[] },
  articleIds: readonly string[],
): F[] {
  const known = (byId.get(fragments) ?? indexed(fragments)) as Map<string, F>;
  return articleIds.map((id) => {
    const fragment = known.get(id);
    if (!fragment) throw new DomainError('not_found', `The edition was compiled without the article ${id}.`);
    return fragment;
  });
}

function indexed<F extends Pick<Fragment, 'articleId'>>(fragments: readonly F[]): Map<string, F> {
  const made = new Map(fragments.map((fragment) => [fragment.articleId, fragment]));
  byId.set(fragments, made);
  return made;
}

/** Whether a section begins with an article of a mail. What comes first in a mail needs no heading. */
export function beginsSection(chosen: readonly { section?: Section | null }[], at: number): boolean {
  return at > 0 && (chosen[at]?.section ?? null) !== (chosen[at - 1]?.section ?? null);
}

/** In which form an article is shown. */
export function formAt(at: number, count: number): Form {
  if (count === 1) return 'full';
  return at === 0 ? 'lead' : 'brief';
}
