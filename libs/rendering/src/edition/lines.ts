import type { CompiledEdition, Fragment } from './compiled-edition.js';
import { oneLine } from '../template/mail-headers.js';
import { sealForeign } from '../template/sentinel.js';
import { escapeHtml } from '../template/placeholders.js';

/** Inboxes show 90 to 140 characters of a preheader. */
const PREHEADER_CHARACTERS = 140;
/** Subject and preheader hold no placeholders, so whatever looks like one is made harmless. */
const NO_NONCE = '';

/** What one group of readers sees of a mail before opening it. */
export interface VariantLines {
  subject: string;
  preheader: string;
}

/** What of an article its lines may speak of. */
export type LineFragment = Pick<Fragment, 'articleId' | 'title' | 'facts'>;

/** What the lines of an edition's variants are made from: all of it but its bodies. */
export interface LineSource extends Pick<
  CompiledEdition,
  'locale' | 'facts' | 'subjectTemplate' | 'preheaderTemplate' | 'emptyPreheader'
> {
  fragments: LineFragment[];
}

/** Takes the bodies away. */
export function lineSource(compiled: CompiledEdition): LineSource {
  const { locale, facts, subjectTemplate, preheaderTemplate, emptyPreheader, fragments } = compiled;
  return {
    locale,
    facts,
    subjectTemplate,
    preheaderTemplate,
    ...(emptyPreheader !== undefined && { emptyPreheader }),
    fragments: fragments.map(({ articleId, title, facts: its }) => ({ articleId, title, facts: its })),
  };
}

/** Whether a line is the same for all: it has no Liquid. */
export function isPlain(template: string | null): boolean {
  return !template || !/\{[{%]/.test(template);
}

/** Whether both lines are: they are written without a process. */
export function hasPlainLines(its: Pick<LineSource, 'subjectTemplate' | 'preheaderTemplate'>): boolean {
  return isPlain(its.subjectTemplate) && isPlain(its.preheaderTemplate);
}

/**
 * The subject and the preheader of a mail with these articles.
 *
 * A subject that comes out empty is the first article's title, and a preheader is made from the articles. Without articles
 * the subject is the digest's name, whatever the template.
 * @param written what the templates came to; empty or null: there is none
 */
export function linesOf(
  source: LineSource,
  chosen: readonly LineFragment[],
  written: { subject: string | null; preheader: string | null },
): VariantLines {
  const [lead] = chosen;
  const { emptyPreheader = '', facts } = source;
  if (!lead) return { subject: oneLine(facts.digest.name), preheader: shorten(oneLine(emptyPreheader)) };
  return {
    subject: oneLine(written.subject ?? '') || oneLine(lead.title) || oneLine(facts.digest.name),
    preheader: shorten(oneLine(written.preheader ?? '') || oneLine(defaultPreheader(chosen))),
  };
}

/** A line as it stands in one part of the mail. */
export function lineIn(kind: 'html' | 'text', line: string): string {
  return sealForeign(kind === 'html' ? escapeHtml(line) : line, NO_NONCE, kind);
}

function defaultPreheader(chosen: readonly LineFragment[]): string {
  if (chosen.length === 1) return chosen[0]?.facts.summary ?? '';
  let text = '';
  for (const [index, { title }] of chosen.slice(1).entries()) {
    text += (index > 0 ? ' · ' : '') + oneLine(title);
    if (text.length > 2 * PREHEADER_CHARACTERS) break; // a character has one or two units: the rest is cut off
  }
  return text;
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
