import { convert } from 'html-to-text';
import MarkdownIt from 'markdown-it';
import { invalidField } from '#kernel/errors/errors.js';
import { normaliseText, paragraphsOf } from './plain-text.js';
import { sanitise } from './sanitise.js';
import { tableText } from './table-text.js';

export const BODY_FORMATS = ['markdown', 'html', 'text'] as const;
export type BodyFormat = (typeof BODY_FORMATS)[number];

/** A story ready to be shown. */
export interface Body {
  /** Sanitised. Empty when the story has neither words nor a picture. */
  html: string;
  /** The words alone; a blank line between paragraphs. */
  text: string;
}

/** A thousand times what a story has. The parser's time grows with the square of the elements left open: so many, 1 s. */
const MAX_TAGS = 50_000;
/** Rows or paragraphs in one element of which the plain text tells: the layout of a table takes the square of its rows. */
const MAX_CHILDREN = 10_000;
/** Of HTML: relative links become longer, and five times the longest body is read in full by what makes text of it. */
const MAX_HTML = 8_000_000;
/** Stands where the text was cut off. No body holds it: what comes in loses its NULs, and `&#0;` is none. */
const CUT = '\0';

// Typographer off: quotation marks and dashes are the editor's, not ours.
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false, breaks: false });
// Only what has a protocol becomes a link: "the file readme.md" names no site in Moldova.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

/**
 * Makes a story out of what an operator or a feed gave.
 * @param baseUrl what relative links of Markdown and HTML are relative to: the URL of the story
 * @throws DomainError `invalid_input` about `body` when it has more tags than any story
 */
export function renderBody(source: string, format: BodyFormat, baseUrl?: string): Body {
  const clean = normaliseText(source);
  switch (format) {
    case 'text':
      return fromText(clean);
    case 'markdown':
      return fromHtml(markdown.render(clean), baseUrl);
    case 'html':
      return fromHtml(clean, baseUrl);
  }
}

function fromText(source: string): Body {
  const paragraphs = paragraphsOf(source);
  return {
    html: paragraphs.map((lines) => `<p>${lines.map(escapeText).join('<br />')}</p>`).join('\n'),
    text: paragraphs.map((lines) => lines.join('\n')).join('\n\n'),
  };
}

function fromHtml(source: string, baseUrl?: string): Body {
  if (source.split('<', MAX_TAGS + 1).length > MAX_TAGS) {
    throw invalidField('body', 'too_complex', `A body has at most ${MAX_TAGS} tags.`);
  }
  const html = sanitise(source, baseUrl);
  if (html.length > MAX_HTML) {
    throw invalidField('body', 'too_complex', `With its links a body has at most ${MAX_HTML} characters.`);
  }
  const text = wordsOf(html, [], CUT);
  if (text.includes(CUT)) {
    throw invalidField('body', 'too_complex', `An element has at most ${MAX_CHILDREN} others in it.`);
  }
  return text === '' && !html.includes('<img ') ? { html: '', text: '' } : { html, text };
}

/** Between tags only these three mean something; quotation marks stay as they are. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The words of sanitised HTML: no link addresses, no pictures, lists with marks, lines not wrapped.
 * @param skip elements whose words are left out too
 */
export function textOf(html: string, skip: readonly string[] = []): string {
  return wordsOf(html, skip, '...');
}

/** @param cut what stands where an element has more than {@link MAX_CHILDREN} */
function wordsOf(html: string, skip: readonly string[], cut: string): string {
  const heading = { options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 2 } };
  const line = { format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } };
  return convert(html, {
    wordwrap: false,
    formatters: { tableText },
    limits: { maxChildNodes: MAX_CHILDREN, ellipsis: cut },
    // Without the zero-width space, which scripts without word spaces need.
    whitespaceCharacters: ' \t\r\n\f',
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'table', format: 'tableText', options: { uppercaseHeaderCells: false } },
      ...['caption', 'dd', 'dt', 'figcaption', 'figure', 'td', 'th', 'tr'].map((selector) => ({
        selector,
        ...line,
      })),
      { selector: 'ul', options: { itemPrefix: ' - ' } },
      { selector: 'blockquote', options: { trimEmptyLines: true } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...heading })),
      ...skip.map((selector) => ({ selector, format: 'skip' })),
    ],
  }).trim();
}
