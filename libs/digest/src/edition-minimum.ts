import type { DigestRow } from './digest.repository.js';
import type { EditionRow } from './edition.repository.js';

type Wishes = Pick<DigestRow, 'whenEmpty' | 'minArticles'>;
type Origin = Pick<EditionRow, 'selection' | 'approval'>;

/**
 * Whether readers for whom nothing is left get the operator's text: of an edition by the clock, whether it chooses by itself or was
 * drafted for a yes. One that somebody made by hand is for those who get something of it.
 */
export function sendsEmpty({ whenEmpty }: Wishes, { selection, approval }: Origin): boolean {
  return whenEmpty === 'send' && (selection === 'auto' || approval !== null);
}

/** Whether a list with so many articles that may be sent makes an edition. */
export function isEnough(digest: Wishes, edition: Origin, articles: number): boolean {
  return articles === 0 ? sendsEmpty(digest, edition) : articles >= digest.minArticles;
}
