import type { Template } from 'liquidjs';
import { chosenFragments } from './chosen-fragments.js';
import { liquidFor, parseTemplate, renderTemplate } from '../template/liquid.js';
import { linesOf, type LineFragment, type LineSource, type VariantLines } from './lines.js';

/** What is the same for every variant of an edition, worked out once. */
interface Prepared {
  /** As the templates see the articles. */
  views: Map<LineFragment, object>;
  subject: Template[] | null;
  preheader: Template[] | null;
}

const prepared = new WeakMap<LineSource, Prepared>();

function prepare(source: LineSource): Prepared {
  const known = prepared.get(source);
  if (known) return known;
  const engine = liquidFor('emails', 'text');
  const parse = (template: string | null, field: string) =>
    template ? parseTemplate(engine, template, field) : null;
  const made = {
    views: new Map(
      source.fragments.map((fragment) => [fragment, { title: fragment.title, ...fragment.facts }]),
    ),
    subject: parse(source.subjectTemplate, 'subject'),
    preheader: parse(source.preheaderTemplate, 'preheader'),
  };
  prepared.set(source, made);
  return made;
}

/**
 * The subject and the preheader of a mail with these articles, as {@link linesOf}. Their templates are parsed once per edition.
 * @throws DomainError `invalid_input` naming `subject` or `preheader` and the line
 */
export function variantLines(source: LineSource, chosen: readonly LineFragment[]): VariantLines {
  const { subject, preheader } = prepare(source);
  const written = (template: Template[] | null, field: string) =>
    template && chosen.length > 0 ? evaluate(source, chosen, template, field) : null;
  return linesOf(source, chosen, {
    subject: written(subject, 'subject'),
    preheader: written(preheader, 'preheader'),
  });
}

/** The lines of several sets of articles. Errors as {@link variantLines}; `not_found` for a foreign article. */
export function linesOfSets(source: LineSource, sets: readonly (readonly string[])[]): VariantLines[] {
  return sets.map((ids) => variantLines(source, chosenFragments(source, ids)));
}

function evaluate(
  source: LineSource,
  chosen: readonly LineFragment[],
  template: Template[],
  field: string,
): string {
  const { views } = prepare(source);
  const articles = chosen.map((fragment) => views.get(fragment));
  const scope = { locale: source.locale, ...source.facts, articles };
  return renderTemplate(liquidFor('emails', 'text'), template, scope, field);
}
