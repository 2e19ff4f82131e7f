import { decodeEncodedWords } from './encoded-words.js';
import { plainLine } from '../story/entry-text.js';

/** More names than a byline has; the rest of a list is left out. */
const MAX_NAMES = 20;
/** In angle brackets, or with a dot in its domain: `P@trick` is a name. */
const ADDRESS =
  /<[^<>@]{0,100}@[^<>@]{0,255}>|(?:mailto:)?[^\s<>()[\]"',;:@]{1,100}@[^\s<>()[\]"',;:@]{0,255}\.[^\s<>()[\]"',;:@]{1,63}/gi;
/** What RSS 2.0 asks for. */
const ADDRESS_AND_NAME = /^\s*[^\s<>()@]{1,100}@[^\s<>()@]{1,255}\s*\((.*)\)\s*$/;
/** What parted a name from the address beside it. */
const EDGES = /^[\s,;:/|–—-]+|[\s,;:/|–—-]+$/g;

/**
 * The name in what a feed says of a person: `jo@example.org (Jo Reed)`, `Jo Reed <jo@example.org>`, or just a name. An
 * address is nobody's business, and left out.
 * @returns '' when nothing is left
 */
export function nameOf(said: string | undefined): string {
  const whole = decodeEncodedWords((said ?? '').slice(0, 1_000));
  const text = ADDRESS_AND_NAME.exec(whole)?.[1] ?? whole;
  const bare = text.replace(ADDRESS, ' ');
  const name =
    bare === text
      ? plainLine(text)
      : plainLine(bare.replace(/\(\s*\)|\[\s*\]|"\s*"/g, ' '))
          .replace(EDGES, '')
          .replace(/^\(([^()]+)\)$/, '$1');
  return /^(?:https?:\/\/\S*|www\.\S+)$/i.test(name) ? '' : name.replace(/^"([^"]*)"$/, '$1').trim();
}

/**
 * A byline of the first of these lists that names somebody: all its names, each once.
 * @param lists best first
 */
export function bylineOf(...lists: readonly (readonly (string | undefined)[])[]): string | null {
  for (const list of lists) {
    const names = new Set(list.slice(0, MAX_NAMES).map(nameOf));
    names.delete('');
    if (names.size > 0) return [...names].join(', ');
  }
  return null;
}
