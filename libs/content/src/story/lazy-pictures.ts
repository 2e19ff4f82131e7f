import { urlsOf } from './srcset.js';

/** So far around a `noscript` its picture is looked for once more. */
const NEAR_CHARACTERS = 2_000;
/** Where scripts find the picture that they put in later. */
const LATER = [
  'data-src',
  'data-lazy-src',
  'data-original',
  'data-lazy',
  'data-orig-file',
  'data-hi-res-src',
];
const LATER_SETS = ['data-srcset', 'data-lazy-srcset', 'srcset'];
/** What stands there until then: by its whole name, since a story may be about pixels. */
const PLACEHOLDER_WORD =
  '(?:placeholder|blank|spacer|transparent|trans|lazy|lazyload|loading|loader|pixel|gr[ae]y|white|\\d{1,4}x\\d{1,4})';
const PLACEHOLDER = new RegExp(
  `^\\s*(?:data:|about:|$)|(?:^|/)(?:[\\w-]{0,50}[_-]placeholder|${PLACEHOLDER_WORD}(?:[_.-]${PLACEHOLDER_WORD})*)\\.(?:gif|png|svg|webp|jpe?g)(?:[?#]|$)`,
  'i',
);

/** The picture of an `img`, also when it is only named for a script. @param attributes names in lower case */
export function sourceOf(attributes: Readonly<Record<string, string>>): string | undefined {
  const { src } = attributes;
  const sets = LATER_SETS.map((name) => urlsOf(attributes[name] ?? ''));
  const isReal = src !== undefined && (!isPlaceholder(src) || sets.some((urls) => urls.includes(src.trim())));
  if (isReal) return src;
  const later = LATER.map((name) => attributes[name]?.trim());
  return [...later, ...sets.map(([url]) => url)].find((url) => url && !/^data:/i.test(url)) ?? src;
}

const isPlaceholder = (src: string) => PLACEHOLDER.test(src.slice(0, 2_000));

/**
 * Puts the pictures that stand in `noscript`, for readers without scripts, in its place, unless the one beside it can be
 * shown. Mails run none. What else stands in it asks for scripts, and goes.
 */
export function withoutNoscript(html: string): string {
  if (!/<noscript/i.test(html)) return html;
  const begin = /<noscript\b[^<>]*>/gi;
  const end = /<\/noscript\s*>/gi;
  const parts: string[] = [];
  let done = 0;
  for (let found = begin.exec(html); found; found = begin.exec(html)) {
    end.lastIndex = begin.lastIndex;
    const close = end.exec(html);
    if (!close) break; // HTML without an end: it is left to what reads it next
    const inner = html.slice(begin.lastIndex, close.index);
    parts.push(html.slice(done, found.index), picturesIn(inner, aroundOf(html, found.index, end.lastIndex)));
    begin.lastIndex = done = end.lastIndex;
  }
  return parts.join('') + html.slice(done);
}

interface Around {
  before: string;
  after: string;
}

function aroundOf(html: string, start: number, end: number): Around {
  return {
    before: html.slice(Math.max(0, start - NEAR_CHARACTERS), start),
    after: html.slice(end, end + NEAR_CHARACTERS),
  };
}

function picturesIn(inner: string, { before, after }: Around): string {
  const beside = [/<img\b[^<>]*>\s*$/i.exec(before)?.[0], /^\s*<img\b[^<>]*>/i.exec(after)?.[0]];
  if (beside.some((picture) => picture !== undefined && isShown(picture))) return '';
  const near = before + after;
  return (inner.match(/<img\b[^<>]*>/gi) ?? [])
    .filter((picture) => {
      const url = attributesOf(picture).src;
      return url !== undefined && !near.includes(url);
    })
    .join('');
}

function isShown(picture: string): boolean {
  const source = sourceOf(attributesOf(picture));
  return source !== undefined && !isPlaceholder(source);
}

function attributesOf(tag: string): Record<string, string> {
  const found = tag.matchAll(/\s([a-z][\w-]{0,50})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi);
  return Object.fromEntries(
    Array.from(found, ([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      double ?? single ?? bare ?? '',
    ]),
  );
}
