import { decodeEncodedWords } from './encoded-words.js';
import { plainLine } from '../story/entry-text.js';

/** More names than a byline has; the rest of a list is left out. */
const MAX_NAMES = 20;
/** In angle brackets, or with a dot in its domain: `P@trick` is a name. */
const ADDRESS =
  /<[^<>@]{0,100}@[^<>@]{0,255}>|(?:mailto:)?[^\s<>()[\]"',;:@]{1,100}@[^\s<>()[\]"',;:@]{0,255}\.[^\s<>()[\]"',;:@]{1,63}/gi;
/** What RSS 2.0 asks for. */
const ADDRESS_AND_NAME = /^\s*[^\s<>()@]{1,100}@[^\s<>()@]{1,255}\s*\((.*)\)\s*$/;
/** The same for several people. */
const EACH_WITH_NAME = /[^\s<>()@,;]{1,100}@[^\s<>()@,;]{1,255}\s{0,5}\(([^()]{0,200})\)/g;
/** A person's page, beside the name. */
const PAGE = /[(<[]\s?https?:\/\/[^\s()<>[\]]{1,500}\s?[)>\]]/gi;
/** What parted a name from the address beside it. */
const EDGES = /^[\s,;:/|–—-]+|[\s,;:/|–—-]+$/g;
/** Bylines are printed after a `By` of our own. */
const BY = /^(?:By|by|BY)(?::\s*|\s+)(?=\S)/;
/** What software writes where it knows no name. */
const NOBODY = /^(?:https?:\/\/\S*|www\.\S+|unknown|null|undefined|none|n\/a)$/i;

/**
 * The name in what a feed says of a person: `jo@example.org (Jo Reed)`, `Jo Reed <jo@example.org>`, or just a name. An
 * address is nobody's business, and left out.
 * @returns '' when nothing is left
 */
export function nameOf(said: string | undefined): string {
  const whole = decodeEncodedWords((said ?? '').slice(0, 1_000));
  const people = [...whole.matchAll(EACH_WITH_NAME)].map(([, name]) => name);
  const text = people.length > 1 ? people.join(', ') : (ADDRESS_AND_NAME.exec(whole)?.[1] ?? whole);
  const bare = text.replace(ADDRESS, ' ').replace(PAGE, ' ');
  const line =
    bare === text
      ? plainLine(text)
      : plainLine(bare.replace(/\(\s*\)|\[\s*\]|"\s*"/g, ' '))
          .replace(/\s(?=[,;])/g, '')
          .replace(EDGES, '')
          .replace(/^\(([^()]+)\)$/, '$1');
  const name = line.replace(/^[\s,;]+|[\s,;]+$/g, '').replace(BY, '');
  return NOBODY.test(name) ? '' : name.replace(/^"([^"]*)"$/, '$1').trim();
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
