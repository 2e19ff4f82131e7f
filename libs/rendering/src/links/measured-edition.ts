import type { CompiledEdition, ShellPart } from '../edition/compiled-edition.js';
import { escapeHtml } from '../template/placeholders.js';
import { sentinel } from '../template/sentinel.js';
import { relinked } from './edition-links.js';

/**
 * The place that is filled for each reader. Its nonce is always the same, so that every process makes the same bytes; whatever looks like
 * a placeholder in an article was made harmless when that was compiled.
 */
const READER = sentinel('0'.repeat(24), 'measured');

/**
 * An edition as it is sent to readers who agreed to be measured: as `asSent`, but the links that are counted end in the reader's own token,
 * and a picture of one pixel follows the content. All else is as in everybody's mail.
 * @param pictureUrl what stands before the token
 * @returns undefined: nothing is counted in this edition, so nobody is measured in it either
 */
export function asMeasured(compiled: CompiledEdition, pictureUrl: string): CompiledEdition | undefined {
  if (!compiled.links?.some(({ href, target }) => href !== target)) return undefined;
  const { shell, ...rest } = relinked(compiled, ({ href, target }) =>
    href === target ? { href } : { href, tail: `.${READER}` },
  );
  return { ...rest, shell: { ...shell, html: withPicture(shell.html, pictureUrl) } };
}

/** Before the end of the body, so that a mail that is cut off after so many kilobytes (Gmail: 102) counts as opened only when unfolded. */
function withPicture(html: readonly ShellPart[], url: string): ShellPart[] {
  const picture = `<img src="${escapeHtml(url)}${READER}" width="1" height="1" alt="" style="border:0;display:block">`;
  const at = html.findLastIndex((part) => typeof part === 'string' && BODY_END.test(part));
  if (at < 0) return [...html, picture];
  const part = html[at] as string;
  const end = part.toLowerCase().lastIndexOf('</body>');
  return html.with(at, part.slice(0, end) + picture + part.slice(end));
}

const BODY_END = /<\/body>/i;
