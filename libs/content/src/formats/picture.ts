import { canonicalUrl } from '../story/canonical-url.js';
import { all, first, textIn, texts, type XmlElement } from './xml/xml-element.js';

/** A file that belongs to an entry. */
export interface Attached {
  url?: string | undefined;
  type?: string | undefined;
  medium?: string | undefined;
  width?: number;
}

const PICTURE = /\.(?:avif|gif|jpe?g|png|webp)(?:\?|$)/i;

function isPicture({ url, type, medium }: Attached): boolean {
  if (type?.includes('/')) return type.toLowerCase().startsWith('image/');
  return medium ? medium.toLowerCase() === 'image' : PICTURE.test(url ?? '');
}

/** The first of these that is a picture with a URL. */
export function firstPicture(
  base: string,
  attached: readonly Attached[],
  others: readonly (string | undefined)[] = [],
): string | null {
  for (const { url } of [...attached.filter(isPicture), ...others.map((url) => ({ url }))]) {
    const absolute = canonicalUrl(url, base);
    if (absolute) return absolute;
  }
  return null;
}

/**
 * The picture of an entry: the widest of Media RSS, an enclosure, a thumbnail, or what else it has.
 * @param enclosures of its own format
 */
export function pictureOf(entry: XmlElement, base: string, enclosures: readonly Attached[]): string | null {
  const groups = [entry, ...all(entry, 'media', 'group')];
  const contents = groups.flatMap((group) => all(group, 'media', 'content'));
  const files = contents.map(attachedOf).sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
  const thumbnails = [...groups, ...contents].flatMap((holder) => all(holder, 'media', 'thumbnail'));
  return firstPicture(
    base,
    [...files, ...enclosures],
    [
      ...thumbnails.map((one) => one.attributes.get('url') ?? textIn(one)),
      ...[...all(entry, 'itunes', 'image'), ...all(entry, 'googleplay', 'image')].map((one) =>
        one.attributes.get('href'),
      ),
      ...all(entry, 'rss', 'image').map(imageOf),
    ],
  );
}

/** An element that names a file in its attributes, as `enclosure` and `media:content` do. */
export function attachedOf({ attributes }: XmlElement): Attached {
  const width = Number(attributes.get('width') ?? 0);
  return {
    url: attributes.get('url') ?? attributes.get('href') ?? attributes.get('resource'),
    type: attributes.get('type'),
    medium: attributes.get('medium'),
    width: Number.isFinite(width) ? width : 0,
  };
}

/** `<image>` of an item, which no version of RSS has: with a URL in it, as text, or as an attribute. */
function imageOf(image: XmlElement): string | undefined {
  const [inner] = texts(image, 'rss', 'url');
  const { attributes } = image;
  return (
    inner ??
    attributes.get('url') ??
    attributes.get('href') ??
    (first(image, 'rss', 'url') ? undefined : textIn(image))
  );
}
