import { convert } from 'html-to-text';

/**
 * An article's HTML as plain text: links after their words, lists with marks, no pictures.
 * Lines are not wrapped, since phones do that better.
 */
export function htmlToPlain(html: string): string {
  const heading = { options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 } };
  return convert(html, {
    wordwrap: false,
    selectors: [
      {
        selector: 'a',
        options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'], ignoreHref: false },
      },
      { selector: 'img', format: 'skip' },
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
      { selector: 'ul', options: { itemPrefix: ' - ' } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...heading })),
    ],
  }).trim();
}
