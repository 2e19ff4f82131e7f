import type { DigestRow } from './digest.repository.js';
import type { EditionRow } from './edition.repository.js';

type Wishes = Pick<DigestRow, 'whenEmpty' | 'minArticles'>;
type Origin = Pick<EditionRow, 'selection' | 'approval' | 'slotId'>;

/**
 * Whether readers for whom nothing is left get the operator's text: of an edition by the clock, whether it chooses by itself or was
 * drafted for a yes. One that somebody made by hand is for those who get something of it.
 */
export function sendsEmpty({ whenEmpty }: Wishes, { selection, approval, slotId }: Origin): boolean {
  return whenEmpty === 'send' && (selection === 'auto' || approval !== null || slotId !== null);
}

/**
 * Whether the articles of a list make an edition. None at all do where the operator's text is sent; when all were taken back
 * since, no operator has seen what would be sent.
 * @param listed how many it names
 * @param sendable how many of them may be sent
 */
export function isEnough(digest: Wishes, edition: Origin, listed: number, sendable: number): boolean {
  return listed === 0 ? sendsEmpty(digest, edition) : sendable >= Math.max(1, digest.minArticles);
}
