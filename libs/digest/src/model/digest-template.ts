import { DomainError, invalidField } from '#kernel/errors/errors.js';
import { LOCALES } from '#rendering/template/locales.js';
import { readTemplates } from '#rendering/template/template-files.js';
import type { Renderer } from '#rendering/sandbox/renderer.js';
import type { TemplateTrial } from '#rendering/proof/template-trial.js';
import type { PublicationView } from '#rendering/template/views.js';

/** A template that has a place for articles marks where each begins. */
const PLACE_OF_ARTICLES = /\{\{-?\s*article\.begin\s*-?\}\}/;

/**
 * Checks that a template for digests has this name.
 * @param field what to call it in the error
 * @throws DomainError `invalid_input` naming the field and the templates there are
 */
export function checkTemplate(name: string, field = 'template'): void {
  const names = Object.entries(readTemplates('emails'))
    .filter(([file, source]) => file.endsWith('.mjml') && PLACE_OF_ARTICLES.test(source))
    .map(([file]) => file.slice(0, -'.mjml'.length));
  if (names.includes(name)) return;
  throw invalidField(
    field,
    'unknown_template',
    `There is no digest template "${name}". There is: ${names.join(', ')}.`,
  );
}

/** The templates of a digest, as far as an input has them. */
interface Templates {
  template?: string | undefined;
  templates?: Record<string, string> | undefined;
  alertTemplate?: string | undefined;
}

/** For all templates of one request, in ms. One like ours takes half a second: some ten compiles, and a hundred renders by Liquid. */
const TRIAL_MS = 12_000;

/**
 * Checks names, and tries out what is given as source, which takes up to 12 s together: not in a transaction.
 * @throws DomainError `invalid_input` naming `template`, `templates.LOCALE` or `alertTemplate`, with the line and the reason
 */
export async function checkTemplates(
  renderer: Renderer,
  given: Templates,
  publication: PublicationView,
): Promise<void> {
  let left = TRIAL_MS;
  for (const trial of trialsOf(given, publication)) {
    if (!trial.template.includes('<')) checkTemplate(trial.template, trial.field);
    else left -= await tried(renderer, trial, left);
  }
}

async function tried(renderer: Renderer, trial: TemplateTrial, left: number): Promise<number> {
  try {
    return await renderer.tryTemplate(trial, left);
  } catch (error) {
    if (left === TRIAL_MS || !isTooSlow(error)) throw error;
    // What was left is no limit that anybody knows of.
    const message = `All templates together take more than ${TRIAL_MS / 1_000} seconds. Make them simpler.`;
    throw Object.assign(invalidField(trial.field, 'too_slow', message), { cause: error });
  }
}

function isTooSlow(error: unknown): boolean {
  return error instanceof DomainError && (error.errors ?? []).some(({ code }) => code === 'too_slow');
}

function trialsOf(
  { template, templates = {}, alertTemplate }: Templates,
  publication: PublicationView,
): TemplateTrial[] {
  const { locale } = publication;
  const own = { locale, publication };
  return [
    ...(template === undefined ? [] : [{ ...own, template, field: 'template', kind: 'regular' as const }]),
    ...(alertTemplate === undefined
      ? []
      : [{ ...own, template: alertTemplate, field: 'alertTemplate', kind: 'alert' as const }]),
    ...Object.entries(templates).map(([its, source]) => {
      const field = `templates.${its}`;
      if (!LOCALES.includes(its)) {
        const there = LOCALES.join(', ');
        throw invalidField(field, 'unknown_locale', `There are no texts in “${its}”. There are: ${there}.`);
      }
      return { ...own, template: source, locale: its, field, kind: 'regular' as const };
    }),
  ];
}
