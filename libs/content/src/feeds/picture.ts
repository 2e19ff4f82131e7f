import { canonicalUrl } from './canonical-url.js';

interface MediaObject {
  url?: string;
  type?: string;
  medium?: string;
  width?: number;
  thumbnails?: { url?: string }[];
}

/** Media RSS, as far as it is about pictures. */
export interface Media {
  contents?: MediaObject[];
  groups?: { contents?: MediaObject[]; thumbnails?: { url?: string }[] }[];
  group?: { contents?: MediaObject[]; thumbnails?: { url?: string }[] };
  thumbnails?: { url?: string }[];
}

const PICTURE = /\.(?:avif|gif|jpe?g|png|webp)(?:\?|$)/i;

function isPicture({ url, type, medium }: MediaObject): boolean {
  if (type) return type.toLowerCase().startsWith('image/');
  return medium ? medium === 'image' : PICTURE.test(url ?? '');
}

/** The picture of an entry: the widest of Media RSS, an enclosure, a thumbnail, or what is left. */
export function pictureOf(
  base: string,
  media?: Media,
  enclosures: readonly { url?: string; type?: string }[] = [],
  ...others: (string | undefined)[]
): string | null {
  const groups = [...(media?.groups ?? []), ...(media?.group ? [media.group] : [])];
  const contents = [...(media?.contents ?? []), ...groups.flatMap((group) => group.contents ?? [])];
  const widest = contents.filter(isPicture).sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
  const thumbnails = [media, ...groups, ...contents].flatMap((one) => one?.thumbnails ?? []);
  const all = [...widest, ...enclosures.filter(isPicture), ...thumbnails, ...others.map((url) => ({ url }))];
  for (const { url } of all) {
    const absolute = canonicalUrl(url, base);
    if (absolute) return absolute;
  }
  return null;
}
