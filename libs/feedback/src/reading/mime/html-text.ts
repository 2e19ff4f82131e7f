import { decodeHTML } from 'entities';
import { MAX_TEXT_CHARACTERS } from './limits.js';

const HIDDEN = ['style', 'script', 'head'];
const BREAKS = /<\/?(?:p|br|div|tr|li|h[1-6]|table|pre|blockquote|ul|ol|hr)\b[^<>]{0,2000}>/gi;

/** The words of an HTML part, a line for each block. For reading alone: it is shown to nobody. */
export function htmlText(html: string): string {
  let text = html.slice(0, MAX_TEXT_CHARACTERS);
  for (const tag of HIDDEN) text = withoutElement(text, tag);
  const words = text
    .replace(/[\n\t ]+/g, ' ')
    .replace(BREAKS, '\n')
    .replace(/<[!/a-z?][^<>]{0,4000}>/gi, '');
  return decodeHTML(words).replaceAll('\u00a0', ' ');
}

function withoutElement(text: string, tag: string): string {
  const lower = text.toLowerCase();
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const open = lower.indexOf(`<${tag}`, at);
    const close = open === -1 ? -1 : lower.indexOf(`</${tag}`, open);
    if (close === -1) break;
    kept.push(text.slice(at, open));
    at = close;
  }
  return kept.join('') + text.slice(at);
}
