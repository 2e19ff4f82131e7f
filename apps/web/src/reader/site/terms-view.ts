import { renderBody } from '#content/story/body.js';
import { stripEnd } from '#kernel/input/strip.js';

/**
 * The terms as a page: a first heading of the Markdown is the page's title, so that it does not stand there twice.
 * @returns title (null when the text begins otherwise) and sanitised HTML
 */
export function termsView(markdown: string): { title: string | null; html: string } {
  const match = /^\s*#[ \t]+([^\n]+)(?:\n|$)/.exec(markdown);
  const rest = match ? markdown.slice(match[0].length) : markdown;
  const title = match ? stripEnd(match[1] ?? '', ' \t#').trim() : null;
  return { title, html: renderBody(rest, 'markdown').html };
}
