import type { CompiledEdition, ShellPart } from './compiled-edition.js';
import { tidyText } from '../template/tidy.js';
import { beginsSection, chosenFragments, formAt } from './chosen-fragments.js';
import { lineIn, type VariantLines } from './lines.js';

/** Gmail shows no more of a message than this and hides the footer behind a link. */
export const GMAIL_CLIP_BYTES = 102 * 1024;

/** What one group of readers gets; reader's placeholders are still sentinels in the two bodies. */
export interface Variant {
  subject: string;
  html: string;
  text: string;
  warnings: string[];
}

/** What else tells variants of the same articles apart. */
export interface VariantOptions {
  /** The reader's maximum cut articles off: the mail says where the others are. */
  more?: boolean;
}

/**
 * Puts some of an edition's articles together to the mail of those who get just these. Joins strings; nothing is
 * compiled. One article alone is shown in full; of several, the first leads. To be looked at: what is sent is made by
 * `composePlate`, which gives the same.
 * @param articleIds in the order in which they are to stand
 * @param lines of just these articles
 * @throws DomainError `not_found` when an article is not one of the edition's
 */
export function joinVariant(
  compiled: CompiledEdition,
  articleIds: readonly string[],
  { subject, preheader }: VariantLines,
  { more = false }: VariantOptions = {},
): Variant {
  const chosen = chosenFragments(compiled, articleIds);
  const join = (kind: 'html' | 'text') => {
    const holes = {
      articles:
        chosen
          .map((fragment, at) => {
            const heading = beginsSection(chosen, at) ? (fragment.heading?.[kind] ?? '') : '';
            return heading + fragment[kind][formAt(at, chosen.length)];
          })
          .join('') || compiled.empty[kind],
      entries: chosen.map((fragment, at) => fragment.entry?.[kind][formAt(at, chosen.length)] ?? '').join(''),
      count: String(chosen.length),
      more: (more && compiled.more?.[kind]) || '',
      subject: lineIn(kind, subject),
      preheader: lineIn(kind, preheader),
    };
    return compiled.shell[kind]
      .map((part: ShellPart) => (typeof part === 'string' ? part : holes[part.hole]))
      .join('');
  };
  const html = join('html');
  return {
    subject,
    html,
    text: tidyText(join('text')),
    warnings: [
      ...compiled.warnings,
      ...chosen.flatMap((fragment) => fragment.warnings),
      ...sizeWarning(html),
    ],
  };
}

function sizeWarning(html: string): string[] {
  const bytes = Buffer.byteLength(html);
  if (bytes <= GMAIL_CLIP_BYTES) return [];
  return [
    `The HTML has ${Math.ceil(bytes / 1024)} KB; Gmail clips messages over 102 KB and hides the unsubscribe link.`,
  ];
}
