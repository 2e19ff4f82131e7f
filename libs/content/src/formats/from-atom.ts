import { canonicalUrl } from '../story/canonical-url.js';
import {
  atomTextOf,
  bodyAndSummary,
  guessedOf,
  htmlOf,
  mediaTextOf,
  mediaTexts,
  xhtmlOf,
  type EntryText,
} from './entry-body.js';
import {
  atomCategories,
  categoriesIn,
  datesOf,
  otherAuthors,
  otherCategories,
  otherDates,
  personIn,
} from './entry-fields.js';
import { plainLine, wordsOf } from '../story/entry-text.js';
import type { FeedDocument, FeedEntry } from './feed-document.js';
import { bylineOf } from './person.js';
import { pictureOf } from './picture.js';
import { readEach } from './read-each.js';
import { all, elementsIn, first, textIn, texts, type XmlElement } from './xml/xml-element.js';

/** RFC 4287, and Atom 0.3 before it. @param url where it came from */
export function atomDocument(root: XmlElement, url: string): FeedDocument {
  const authors = all(root, 'atom', 'author').map(personIn);
  return {
    title: titleOf(root),
    ...readEach(all(root, 'atom', 'entry', 'item'), (entry) => atomEntry(entry, url, authors)),
  };
}

/** What is not closed at the end of a document without its stories being broken off. */
export const ATOM_HOLDERS: readonly string[] = ['feed'];

function atomEntry(entry: XmlElement, feedUrl: string, feedAuthors: string[]): FeedEntry {
  const base = entry.base ?? feedUrl;
  const links = all(entry, 'atom', 'link');
  const url = pageOf(entry, links, base);
  const text = bodyAndSummary(
    {
      contents: [
        ...all(entry, 'atom', 'content').map(atomTextOf),
        ...all(entry, 'xhtml', 'body', 'div').map(xhtmlOf),
        ...all(entry, 'content', 'encoded').map(htmlOf),
      ],
      summaries: [
        ...all(entry, 'atom', 'summary').map(atomTextOf),
        ...all(entry, 'dc', 'description').map(guessedOf),
        ...all(entry, 'itunes', 'summary').map(guessedOf),
      ],
      others: mediaTexts(entry).map(mediaTextOf),
    },
    (body) => body?.base ?? entry.base ?? url ?? feedUrl,
  );
  const enclosures = links
    .filter((link) => relationOf(link) === 'enclosure')
    .map(({ attributes }) => ({ url: attributes.get('href'), type: attributes.get('type') }));
  return {
    guid: texts(entry, 'atom', 'id')[0] ?? null,
    url,
    title: titleOf(entry),
    ...text,
    author: bylineOf(...authorsOf(entry), feedAuthors),
    imageUrl: pictureOf(entry, base, enclosures),
    categories: categoriesIn([...atomCategories(entry), ...otherCategories(entry)]),
    ...datesOf(otherDates(entry)),
  };
}

/** §4.2.7.2: without a relation it is the page, and IANA's URL means its name. */
function relationOf({ attributes }: XmlElement): string {
  const said = attributes.get('rel')?.trim().toLowerCase() ?? '';
  return (
    said.replace(/^https?:\/\/www\.iana\.org\/assignments\/(?:relation|link-relations)\//, '') || 'alternate'
  );
}

/** Of several pages the one for people, which is HTML; without one, where the content is. */
function pageOf(entry: XmlElement, links: readonly XmlElement[], base: string): string | null {
  const pages = links.filter((link) => relationOf(link) === 'alternate' && link.attributes.has('href'));
  const html = pages.filter(({ attributes }) => /html/i.test(attributes.get('type') ?? 'html'));
  for (const link of [...html, ...pages]) {
    const found = canonicalUrl(link.attributes.get('href'), link.base ?? base);
    if (found) return found;
  }
  const content = first(entry, 'atom', 'content');
  const isPage = /html/i.test(content?.attributes.get('type') ?? 'html');
  // Ids are often the page's URL; where no link is to a page, such a one is taken for it.
  const [id = ''] = texts(entry, 'atom', 'id');
  const inside = texts(entry, 'atom', 'link')[0] ?? (/^https?:/i.test(id) ? id : undefined);
  return (
    (isPage ? canonicalUrl(content?.attributes.get('src'), content?.base ?? base) : null) ??
    canonicalUrl(inside, base)
  );
}

/** §3.1.1: without a type a text is a text, and every character of it counts. */
function titleOf(parent: XmlElement): string {
  for (const element of all(parent, 'atom', 'title')) {
    const text = atomTextOf(element);
    // §3.1.1.1: not guessed here, since a title without a type may speak of HTML.
    const isText =
      element.attributes.get('type') === undefined && element.attributes.get('mode') === undefined;
    const isPlain = text?.format === 'text' || (isText && elementsIn(element).length === 0);
    const line = isPlain ? wordsOf(textOf(element, text)) : plainLine(text?.source ?? textIn(element));
    if (line !== '') return line;
  }
  const others = [
    ...texts(parent, 'dc', 'title'),
    ...texts(parent, 'media', 'title'),
    ...all(parent, 'media', 'group').flatMap((group) => texts(group, 'media', 'title')),
  ];
  return others.map((text) => plainLine(text)).find((line) => line !== '') ?? '';
}

const textOf = (element: XmlElement, text: EntryText | null) =>
  text?.format === 'text' ? text.source : textIn(element);

/** §4.2.1: without one of its own, an entry's authors are those of its source, and then the feed's. */
function authorsOf(entry: XmlElement): string[][] {
  const source = first(entry, 'atom', 'source');
  return [
    all(entry, 'atom', 'author').map(personIn),
    ...otherAuthors(entry),
    source ? all(source, 'atom', 'author').map(personIn) : [],
  ];
}
