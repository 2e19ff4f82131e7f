import sanitizeHtml from 'sanitize-html';
import { ListLimits } from '#kernel/input/list-limits.js';
import { escapeHtml } from './placeholders.js';
import { webUrl } from './views.js';

/** Pixels between the margins of the 600 px sheet. Outlook for Windows ignores max-width and needs the number. */
export const MEASURE_PX = 536;

const SERIF = "Georgia,'Times New Roman',serif";
const STYLES: Record<string, string> = {
  p: 'margin:0 0 18px;',
  h2: `margin:30px 0 12px;font-family:${SERIF};font-size:24px;line-height:1.25;font-weight:bold;`,
  h3: `margin:26px 0 10px;font-family:${SERIF};font-size:20px;line-height:1.3;font-weight:bold;`,
  h4: `margin:22px 0 8px;font-family:${SERIF};font-size:17px;line-height:1.35;font-weight:bold;`,
  ul: 'margin:0 0 18px;padding:0 24px;',
  ol: 'margin:0 0 18px;padding:0 24px;',
  li: 'margin:0 0 8px;',
  figure: 'margin:0 0 18px;',
  figcaption: 'margin:6px 0 0;font-family:Helvetica,Arial,sans-serif;font-size:13px;line-height:1.45;',
  pre: 'margin:0 0 18px;padding:14px;font-family:Menlo,Consolas,monospace;font-size:14px;line-height:1.5;white-space:pre-wrap;word-break:break-word;',
  code: 'font-family:Menlo,Consolas,monospace;font-size:.9em;word-break:break-word;',
  hr: 'margin:26px auto;width:30%;border:0;border-top:1px solid;',
  table: 'margin:0 0 18px;width:100%;border-collapse:collapse;font-size:15px;line-height:1.45;',
};
/** Classes let the dark style sheet of the layout reach what carries a colour of its own. */
const CLASSES: Record<string, string> = {
  a: 'link',
  blockquote: 'rule',
  figcaption: 'muted',
  pre: 'code',
  td: 'line',
  th: 'line',
  hr: 'line',
};

/** The headline of the mail is its h1, and below h4 sizes can't be told apart. */
const RENAMED: Record<string, string> = { h1: 'h2', h5: 'h4', h6: 'h4' };

export interface BodyColours {
  accent: string;
  ink: string;
  muted: string;
  line: string;
  desk: string;
}

function colourStyles(colours: BodyColours, start: 'left' | 'right'): Record<string, string> {
  return {
    a: `color:${colours.accent};text-decoration:underline;`,
    blockquote: `margin:0 0 18px;padding:0 18px;border-${start}:3px solid ${colours.accent};font-style:italic;`,
    figcaption: `color:${colours.muted};`,
    pre: `background:${colours.desk};`,
    td: `padding:7px 8px;border-bottom:1px solid ${colours.line};text-align:inherit;`,
    th: `padding:7px 8px;border-bottom:2px solid ${colours.ink};text-align:inherit;`,
    hr: `border-color:${colours.line};`,
  };
}

/**
 * Dresses an article's HTML for mail: keeps what mail clients show, drops the rest with every style of its own,
 * makes links and pictures absolute, and writes the newspaper's styles inline, because some clients have no others.
 * @param html sanitised already; this is a second, narrower pass
 * @param baseUrl what relative links are relative to
 * @param start the side where a line begins
 */
export function dressForMail(
  html: string,
  baseUrl: string,
  colours: BodyColours,
  start: 'left' | 'right',
): string {
  const own = colourStyles(colours, start);
  const limits = new ListLimits(); // of stories that were stored before there were any
  const attributes = (tag: string, from: Record<string, string>): Record<string, string> => {
    const style = (STYLES[tag] ?? '') + (own[tag] ?? '');
    const kept = Object.fromEntries(
      Object.entries(from).filter(([name]) => name !== 'class' && name !== 'style'),
    );
    return {
      ...kept,
      ...(CLASSES[tag] ? { class: CLASSES[tag] } : {}),
      ...(style ? { style } : {}),
    };
  };
  return sanitizeHtml(html, {
    allowedTags: [
      'p',
      'br',
      'hr',
      'h2',
      'h3',
      'h4',
      'ul',
      'ol',
      'li',
      'blockquote',
      'pre',
      'figure',
      'figcaption',
      'div',
      'a',
      'b',
      'strong',
      'i',
      'em',
      'u',
      's',
      'del',
      'ins',
      'small',
      'sub',
      'sup',
      'code',
      'kbd',
      'q',
      'cite',
      'abbr',
      'mark',
      'span',
      'bdi',
      'bdo',
      'img',
      'table',
      'thead',
      'tbody',
      'tfoot',
      'tr',
      'td',
      'th',
      'caption',
    ],
    allowedAttributes: {
      '*': ['dir', 'lang', 'title', 'class', 'style'],
      a: ['href', 'target'],
      img: ['src', 'alt', 'width', 'height'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan', 'scope'],
      ol: ['start', 'type', 'reversed'],
      table: ['role'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    // The only styles left are those written here.
    parseStyleAttributes: false,
    transformTags: {
      '*': (tag, from) => {
        if (tag === 'img') return { tagName: tag, attribs: pictureOf(from, baseUrl) };
        const tagName = RENAMED[tag] ?? tag;
        const kept = tag === 'a' ? linkOf(from, baseUrl) : limits.apply(tagName, from);
        return { tagName, attribs: attributes(tagName, kept) };
      },
    },
    exclusiveFilter: (frame) => frame.tag === 'img' && !frame.attribs.src,
  });
}

function linkOf(from: Record<string, string>, baseUrl: string): Record<string, string> {
  const { href = '', ...rest } = from;
  const absolute = /^mailto:/i.test(href) ? href : webUrl(href, baseUrl);
  return absolute ? { ...rest, href: absolute, target: '_blank' } : rest;
}

function pictureOf(from: Record<string, string>, baseUrl: string): Record<string, string> {
  const src = webUrl(from.src, baseUrl);
  if (!src) return {};
  const width = /^\d+$/.test(from.width ?? '') ? Math.min(Number(from.width), MEASURE_PX) : MEASURE_PX;
  return {
    src,
    alt: from.alt ?? '',
    width: String(width),
    style: 'display:block;width:auto;max-width:100%;height:auto;border:0;margin:0 0 18px;',
  };
}

/** Paragraphs for a story that has no HTML. */
export function textAsHtml(text: string): string {
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim())
    .map((paragraph) => `<p>${escapeHtml(paragraph.trim()).replaceAll('\n', '<br>')}</p>`)
    .join('');
}
