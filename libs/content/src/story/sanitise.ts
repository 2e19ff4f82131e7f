import sanitizeHtml from 'sanitize-html';
import { ListLimits } from '#kernel/input/list-limits.js';
import { readUrl } from '#kernel/input/read-url.js';
import { sourceOf, withoutNoscript } from './lazy-pictures.js';
import { mendHtml } from './loose-html.js';

const TAGS = [
  'p',
  'div',
  'br',
  'hr',
  'h2',
  'h3',
  'h4',
  'ul',
  'ol',
  'li',
  'dl',
  'dt',
  'dd',
  'blockquote',
  'pre',
  'figure',
  'figcaption',
  'img',
  'table',
  'caption',
  'thead',
  'tbody',
  'tfoot',
  'tr',
  'th',
  'td',
  'a',
  'strong',
  'b',
  'em',
  'i',
  'u',
  's',
  'del',
  'ins',
  'sub',
  'sup',
  'small',
  'mark',
  'code',
  'kbd',
  'q',
  'cite',
  'abbr',
  'span',
  'bdi',
  'bdo',
];
/** What stands inside these is no part of the story. */
const WITHOUT_TEXT = [
  'script',
  'style',
  'title',
  'template',
  'noscript',
  'noembed',
  'iframe',
  'object',
  'svg',
  // What stands in these is read as text by some and as tags by others.
  'xmp',
  'plaintext',
  'noframes',
  'frameset',
  'applet',
  'annotation',
  'annotation-xml',
  'textarea',
  'select',
  'option',
  'button',
  'audio',
  'video',
  'canvas',
];
/** Blocks a mail knows nothing of; they must still part what stands in them from what stands around. */
const RENAMED = new Map(
  Object.entries({
    h1: 'h2',
    h5: 'h4',
    h6: 'h4',
    section: 'div',
    article: 'div',
    main: 'div',
    header: 'div',
    footer: 'div',
    aside: 'div',
    address: 'div',
    center: 'div',
    details: 'div',
    dialog: 'div',
    dir: 'ul',
    fieldset: 'div',
    hgroup: 'div',
    legend: 'div',
    menu: 'ul',
    nav: 'div',
    search: 'div',
    summary: 'div',
    strike: 's',
    tt: 'code',
    listing: 'pre',
  }),
);
/** Deeper elements lose their tags, not their words: what reads the HTML later does so recursively. */
const MAX_DEPTH = 100;
/** What an editor may want to say about a link (Google asks for these on paid and readers' links). */
const REL_KEPT = ['nofollow', 'sponsored', 'ugc'];

/**
 * Keeps of an HTML text what a story is made of, and nothing that runs, styles, frames or tracks.
 *
 * Links may be http, https or mailto; pictures http or https. Pictures of one pixel are dropped: they count readers.
 * Pictures that a script would put in are there without it.
 * @param baseUrl what relative links and pictures are relative to; without it a relative picture is dropped
 */
export function sanitise(html: string, baseUrl?: string): string {
  const limits = new ListLimits();
  return sanitizeHtml(withoutNoscript(mendHtml(html)), {
    allowedTags: TAGS,
    nonTextTags: WITHOUT_TEXT,
    allowedAttributes: {
      '*': ['dir', 'lang', 'title'],
      a: ['href', 'rel'],
      img: ['src', 'alt', 'width', 'height'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan', 'scope'],
      ol: ['start', 'type', 'reversed'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https'] },
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nestingLimit: MAX_DEPTH,
    transformTags: {
      '*': (tag, from) => {
        const tagName = RENAMED.get(tag) ?? tag;
        if (tagName === 'a') return { tagName, attribs: linkOf(from, baseUrl) };
        if (tagName === 'img') return { tagName, attribs: pictureOf(from, baseUrl) };
        return { tagName, attribs: limits.apply(tagName, from) };
      },
    },
    exclusiveFilter: (frame) => frame.tag === 'img' && !frame.attribs.src,
  }).trim();
}

function linkOf(from: Record<string, string>, baseUrl?: string): Record<string, string> {
  const { href, rel, ...rest } = from;
  const target = absolute(href, baseUrl, ['http:', 'https:', 'mailto:']);
  if (!target) return rest;
  const kept = (rel ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((token) => REL_KEPT.includes(token));
  return { ...rest, href: target, rel: ['noopener', ...new Set(kept)].join(' ') };
}

function pictureOf(from: Record<string, string>, baseUrl?: string): Record<string, string> {
  const src = absolute(sourceOf(from), baseUrl, ['http:', 'https:']);
  const isPixel = [from.width, from.height].some((side) => /^\s*[01](?:px)?\s*$/.test(side ?? ''));
  if (!src || isPixel) return {};
  const sides = (['width', 'height'] as const).flatMap((side) => {
    const pixels = /^\s*(\d{1,5})(?:px)?\s*$/.exec(from[side] ?? '')?.[1];
    return pixels ? [[side, pixels] as const] : [];
  });
  return {
    src,
    alt: from.alt ?? '',
    ...(from.title ? { title: from.title } : {}),
    ...Object.fromEntries(sides),
  };
}

/** The URL as the browser would read it, if its protocol is one of these. */
function absolute(url: string | undefined, baseUrl: string | undefined, protocols: string[]): string | null {
  const parsed = url ? readUrl(url, baseUrl) : null;
  return parsed && protocols.includes(parsed.protocol) ? parsed.href : null;
}
