import type { Template } from 'liquidjs';
import { DomainError } from '#kernel/errors.js';
import type { CompiledEdition, Form, Fragment } from './compiled-edition.js';
import { liquidFor, parseTemplate, renderTemplate } from './liquid.js';
import { oneLine } from './mail-headers.js';
import { sealForeign } from './sentinel.js';
import { escapeHtml } from './slots.js';

/** Inboxes show 90 to 140 characters of a preheader. */
const PREHEADER_CHARACTERS = 140;
/** Subject and preheader hold no slots, so whatever looks like one is made harmless. */
const NO_NONCE = '';

/** What one group of readers sees of a mail before opening it. */
export interface VariantLines {
  subject: string;
  preheader: string;
}

/** What is the same for every variant of an edition, worked out once. */
interface Prepared {
  fragments: Map<string, Fragment>;
  /** As the templates see the articles. */
  views: Map<Fragment, object>;
  subject: Template[] | null;
  preheader: Template[] | null;
}

const prepared = new WeakMap<CompiledEdition, Prepared>();

function prepare(compiled: CompiledEdition): Prepared {
  const known = prepared.get(compiled);
  if (known) return known;
  const engine = liquidFor('emails', 'text');
  const parse = (template: string | null, field: string) =>
    template ? parseTemplate(engine, template, field) : null;
  const made = {
    fragments: new Map(compiled.fragments.map((fragment) => [fragment.articleId, fragment])),
    views: new Map(
      compiled.fragments.map((fragment) => [fragment, { title: fragment.title, ...fragment.facts }]),
    ),
    subject: parse(compiled.subjectTemplate, 'subject'),
    preheader: parse(compiled.preheaderTemplate, 'preheader'),
  };
  prepared.set(compiled, made);
  return made;
}

/** @throws DomainError `not_found` when an article is not one of the edition's */
export function chosenFragments(compiled: CompiledEdition, articleIds: readonly string[]): Fragment[] {
  const { fragments } = prepare(compiled);
  return articleIds.map((id) => {
    const fragment = fragments.get(id);
    if (!fragment) throw new DomainError('not_found', `The edition was compiled without the article ${id}.`);
    return fragment;
  });
}

/** In which form an article is shown. */
export function formAt(at: number, count: number): Form {
  if (count === 1) return 'full';
  return at === 0 ? 'lead' : 'brief';
}

/**
 * The subject and the preheader of a mail with these articles. Their templates are parsed once per edition.
 *
 * A subject that comes out empty is the first article's title, and a preheader is made from the articles. Without articles it is the digest's name, whatever the
 * template.
 */
export function variantLines(compiled: CompiledEdition, chosen: readonly Fragment[]): VariantLines {
  const { subject, preheader } = prepare(compiled);
  const [lead] = chosen;
  if (!lead) {
    const { emptyPreheader = '', facts } = compiled;
    return { subject: oneLine(facts.digest.name), preheader: shorten(oneLine(emptyPreheader)) };
  }
  const written = (template: Template[] | null, field: string) =>
    template ? oneLine(evaluate(compiled, chosen, template, field)) : '';
  return {
    subject: written(subject, 'subject') || oneLine(lead.title) || oneLine(compiled.facts.digest.name),
    preheader: shorten(written(preheader, 'preheader') || oneLine(defaultPreheader(chosen))),
  };
}

/** A line as it stands in one part of the mail. */
export function lineIn(kind: 'html' | 'text', line: string): string {
  return sealForeign(kind === 'html' ? escapeHtml(line) : line, NO_NONCE, kind);
}

function evaluate(
  compiled: CompiledEdition,
  chosen: readonly Fragment[],
  template: Template[],
  field: string,
): string {
  const { views } = prepare(compiled);
  const articles = chosen.map((fragment) => views.get(fragment));
  const scope = { locale: compiled.locale, ...compiled.facts, articles };
  return renderTemplate(liquidFor('emails', 'text'), template, scope, field);
}

function defaultPreheader(chosen: readonly Fragment[]): string {
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
