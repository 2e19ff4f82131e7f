import { DomainError } from '#kernel/errors.js';
import type { CompiledEdition, Form, Fragment, ShellPart } from './compiled-edition.js';
import { liquidFor, parseTemplate, renderTemplate } from './liquid.js';
import { sealForeign } from './sentinel.js';
import { escapeHtml } from './slots.js';

/** Gmail shows no more of a message than this and hides the footer behind a link. */
export const GMAIL_CLIP_BYTES = 102 * 1024;
/** Inboxes show 90 to 140 characters of a preheader. */
const PREHEADER_CHARACTERS = 140;

/** Subject and preheader hold no slots, so whatever looks like one is made harmless. */
const NO_NONCE = '';

/** What one group of readers gets; reader's slots are still sentinels in the two bodies. */
export interface Variant {
  subject: string;
  html: string;
  text: string;
  warnings: string[];
}

/**
 * Puts some of an edition's articles together to the mail of those who get just these. Joins strings; nothing is
 * compiled. One article alone is shown in full; of several, the first leads.
 * @param articleIds in the order in which they are to stand
 * @throws DomainError `not_found` when an article is not one of the edition's
 */
export function composeVariant(compiled: CompiledEdition, articleIds: readonly string[]): Variant {
  const chosen = articleIds.map((id) => {
    const fragment = compiled.fragments.find((candidate) => candidate.articleId === id);
    if (!fragment) throw new DomainError('not_found', `The edition was compiled without the article ${id}.`);
    return fragment;
  });
  const subject =
    oneLine(
      compiled.subjectTemplate
        ? evaluate(compiled, chosen, compiled.subjectTemplate, 'subject')
        : (chosen[0]?.title ?? ''),
    ) || compiled.facts.digest.name;
  const preheader = shorten(
    oneLine(
      compiled.preheaderTemplate
        ? evaluate(compiled, chosen, compiled.preheaderTemplate, 'preheader')
        : defaultPreheader(chosen),
    ),
  );
  const join = (kind: 'html' | 'text') => {
    const escape = (line: string) => sealForeign(kind === 'html' ? escapeHtml(line) : line, NO_NONCE, kind);
    const holes = {
      articles:
        chosen.map((fragment, at) => fragment[kind][formAt(at, chosen.length)]).join('') ||
        compiled.empty[kind],
      subject: escape(subject),
      preheader: escape(preheader),
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

/** Where optional lines are missing, the templates leave gaps. */
export function tidyText(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function formAt(at: number, count: number): Form {
  if (count === 1) return 'full';
  return at === 0 ? 'lead' : 'brief';
}

function evaluate(compiled: CompiledEdition, chosen: Fragment[], template: string, field: string): string {
  if (chosen.length === 0) return '';
  const engine = liquidFor('emails', 'text');
  const articles = chosen.map(({ title, facts }) => ({ title, ...facts }));
  return renderTemplate(
    engine,
    parseTemplate(engine, template, field),
    { locale: compiled.locale, ...compiled.facts, articles },
    field,
  );
}

function defaultPreheader(chosen: Fragment[]): string {
  if (chosen.length === 1) return chosen[0]?.facts.summary ?? '';
  return chosen
    .slice(1)
    .map((fragment) => fragment.title)
    .join(' · ');
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ').trim();
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= PREHEADER_CHARACTERS
    ? text
    : `${characters
        .slice(0, PREHEADER_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`;
}

function sizeWarning(html: string): string[] {
  const bytes = Buffer.byteLength(html);
  if (bytes <= GMAIL_CLIP_BYTES) return [];
  return [
    `The HTML has ${Math.ceil(bytes / 1024)} KB; Gmail clips messages over 102 KB and hides the unsubscribe link.`,
  ];
}
