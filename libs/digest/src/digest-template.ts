import { invalidField } from '#kernel/errors.js';
import { checkTemplateSource, TemplateTime } from '#rendering/check-template.js';
import { LOCALES } from '#rendering/locales.js';
import { readTemplates } from '#rendering/project-folder.js';
import type { PublicationView } from '#rendering/views.js';

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

/**
 * Checks names, and tries out what is given as source, which takes up to 6 s together: not in a transaction.
 * @throws DomainError `invalid_input` naming `template`, `templates.LOCALE` or `alertTemplate`, with the line and the reason
 */
export async function checkTemplates(given: Templates, publication: PublicationView): Promise<void> {
  const { template, templates = {}, alertTemplate } = given;
  const time = new TemplateTime();
  if (template !== undefined) await checkOne(template, publication.locale, publication, 'template', time);
  if (alertTemplate !== undefined) {
    await checkOne(alertTemplate, publication.locale, publication, 'alertTemplate', time, 'alert');
  }
  for (const [locale, its] of Object.entries(templates)) {
    const field = `templates.${locale}`;
    if (!LOCALES.includes(locale)) {
      const there = LOCALES.join(', ');
      throw invalidField(field, 'unknown_locale', `There are no texts in “${locale}”. There are: ${there}.`);
    }
    await checkOne(its, locale, publication, field, time);
  }
}

async function checkOne(
  template: string,
  locale: string,
  publication: PublicationView,
  field: string,
  time: TemplateTime,
  kind: 'regular' | 'alert' = 'regular',
): Promise<void> {
  if (template.includes('<')) {
    await checkTemplateSource(template, locale, publication, field, kind, time);
  } else checkTemplate(template, field);
}
