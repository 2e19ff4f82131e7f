import { canonicalUrl } from '../story/canonical-url.js';
import {
  bodyAndSummary,
  atomTextOf,
  guessedOf,
  htmlOf,
  mediaTextOf,
  mediaTexts,
  xhtmlOf,
} from './entry-body.js';
import {
  atomCategories,
  baseOf,
  categoriesIn,
  datesOf,
  otherAuthors,
  otherCategories,
  otherDates,
  personIn,
} from './entry-fields.js';
import { plainLine } from '../story/entry-text.js';
import type { FeedDocument, FeedEntry } from './feed-document.js';
import { bylineOf } from './person.js';
import { readEach } from './read-each.js';
import { attachedOf, pictureOf } from './picture.js';
import { all, first, textIn, texts, type XmlElement } from './xml/xml-element.js';

/** Items nest in the channel (RSS 0.91 and later), beside it (RDF), or in a list in it (1.1). */
const HOLDERS = ['channel', 'items'];

/** RSS 0.90 to 2.0, with or without RDF. @param url where it came from */
export function rssDocument(root: XmlElement, url: string): FeedDocument {
  const channels = root.name === 'channel' ? [root] : all(root, 'rss', 'channel');
  const [channel] = channels;
  const [link] = channel ? linksOf(channel) : [];
  // Relative links, without an xml:base, are relative to the site.
  const site = baseOf(url, link);
  const holders = [root, ...channels, ...[root, ...channels].flatMap((one) => all(one, 'rss', 'items'))];
  const items = [...new Set(holders)].flatMap((holder) => all(holder, 'rss', 'item'));
  return {
    title: channel ? titleOf(channel) : '',
    ...readEach(items, (item) => rssEntry(item, site)),
  };
}

/** What is not closed at the end of a document without its stories being broken off. */
export const RSS_HOLDERS: readonly string[] = ['rss', 'rdf', ...HOLDERS];

function rssEntry(item: XmlElement, site: string): FeedEntry {
  const base = item.base ?? site;
  const { guid, permaLink } = guidOf(item);
  const url = firstUrl(
    [...linksOf(item), permaLink, item.attributes.get('about'), item.attributes.get('href')],
    base,
  );
  const text = bodyAndSummary(
    {
      contents: [
        ...all(item, 'content', 'encoded').map(htmlOf),
        ...all(item, 'atom', 'content').map(atomTextOf),
        ...all(item, 'xhtml', 'body', 'div').map(xhtmlOf),
        ...all(item, 'rss', 'fullitem', 'body', 'content', 'encoded').map(htmlOf),
        ...all(item, 'yandex', 'full-text', 'content').map(guessedOf),
      ],
      summaries: [
        ...all(item, 'rss', 'description').map(htmlOf),
        ...all(item, 'atom', 'summary').map(atomTextOf),
        ...all(item, 'rss', 'summary', 'abstract').map(htmlOf),
        ...all(item, 'dc', 'description').map(htmlOf),
        ...all(item, 'dcterms', 'abstract', 'description').map(htmlOf),
        ...all(item, 'itunes', 'summary').map(guessedOf),
        ...all(item, 'googleplay', 'description').map(guessedOf),
      ],
      others: [...mediaTexts(item).map(mediaTextOf), ...all(item, 'itunes', 'subtitle').map(guessedOf)],
    },
    (body) => body?.base ?? item.base ?? url ?? site,
  );
  return {
    guid,
    url,
    title: titleOf(item),
    ...text,
    author: bylineOf(...authorsOf(item)),
    imageUrl: pictureOf(item, base, [
      ...all(item, 'rss', 'enclosure').map(attachedOf),
      ...all(item, 'atom', 'link')
        .filter(({ attributes }) => attributes.get('rel') === 'enclosure')
        .map(attachedOf),
    ]),
    categories: categoriesOf(item),
    ...datesOf([
      ...texts(item, 'rss', 'pubdate', 'date'),
      ...otherDates(item),
      ...texts(item, 'rss', 'updated'),
    ]),
  };
}

/** @returns its GUID, and the same once more if it is a URL */
function guidOf(item: XmlElement): { guid: string | null; permaLink?: string | undefined } {
  const element = first(item, 'rss', 'guid');
  const guid = element ? textIn(element).trim() : '';
  const isSaidNone = element?.attributes.get('ispermalink')?.trim().toLowerCase() === 'false';
  if (!isSaidNone && /^https?:/i.test(guid)) return { guid, permaLink: guid };
  const others = [
    item.attributes.get('about')?.trim(),
    ...texts(item, 'atom', 'id'),
    ...texts(item, 'rss', 'id'),
    ...texts(item, 'dc', 'identifier'),
  ];
  return { guid: guid || others.find(Boolean) || null };
}

/** The page of a channel or an item, as RSS says it and as Atom within RSS does. */
function linksOf(parent: XmlElement): string[] {
  const isPage = ({ attributes }: XmlElement) => (attributes.get('rel') ?? 'alternate') === 'alternate';
  const named = all(parent, 'rss', 'link').filter(isPage);
  const atom = all(parent, 'atom', 'link').filter(isPage);
  return [
    ...texts(parent, 'rss', 'link'),
    ...[...named, ...atom].flatMap(
      ({ attributes }) => attributes.get('href') ?? attributes.get('resource') ?? [],
    ),
  ];
}

function firstUrl(said: readonly (string | undefined)[], base: string): string | null {
  for (const text of said) {
    const url = canonicalUrl(text, base);
    if (url) return url;
  }
  return null;
}

function titleOf(parent: XmlElement): string {
  const said = [
    ...texts(parent, 'rss', 'title'),
    ...texts(parent, 'atom', 'title'),
    ...texts(parent, 'dc', 'title'),
    ...texts(parent, 'media', 'title'),
    ...all(parent, 'media', 'group').flatMap((group) => texts(group, 'media', 'title')),
    ...texts(parent, 'itunes', 'title'),
  ];
  return said.map((text) => plainLine(text)).find((line) => line !== '') ?? '';
}

function authorsOf(item: XmlElement): (string | undefined)[][] {
  const [dc = [], ...others] = otherAuthors(item);
  const own = all(item, 'rss', 'author').map(personIn);
  const bare = texts(item, 'rss', 'creator', 'byline');
  return [dc, own, all(item, 'atom', 'author').map(personIn), ...others, bare];
}

/** Without that of elements in it. */
function ownText({ children }: XmlElement): string {
  return children
    .filter((child) => typeof child === 'string')
    .join('')
    .trim();
}

/** Several in one, as some write them: a comma within a name has a space behind it. */
const LIST = /^[^,]+(?:,[^,\s][^,]*){2,}$/;

function categoriesOf(item: XmlElement): string[] {
  const own = all(item, 'rss', 'category').map((one) => {
    const { attributes } = one;
    return ownText(one) || (attributes.get('term') ?? attributes.get('label') ?? textIn(one));
  });
  const listed = own.filter((text) => LIST.test(text)).flatMap((text) => text.split(','));
  return categoriesIn([...own, ...listed, ...atomCategories(item), ...otherCategories(item)]);
}
