import type { Template } from 'liquidjs';
import { invalidField } from '#kernel/errors/errors.js';
import type { EditionInput } from './edition-scope.js';
import { isTemplateName } from './template-name.js';
import { liquidFor, parseTemplate, parseTemplateFile, templateExists } from '../template/liquid.js';

/** A template given as source has no text part of its own. */
const TEXT_OF_KIND = { regular: 'digest', alert: 'alert', correction: 'correction' } as const;

/**
 * The template of one part of an edition, parsed. A template given as source has the text part of ours for the kind.
 * @throws DomainError `invalid_input` about `template`
 */
export function parsedTemplate(
  { template, kind = 'regular' }: Pick<EditionInput, 'template' | 'kind'>,
  locale: string,
  output: 'html' | 'text',
): Template[] {
  const engine = liquidFor('emails', output);
  const named = isTemplateName(template);
  if (!named && output === 'html') return parseTemplate(engine, template, 'template');
  const name = named ? template : TEXT_OF_KIND[kind];
  const file = templateFile(name, locale, output, (its) => templateExists('emails', its));
  if (!file) {
    throw invalidField('template', 'unknown_template', `There is no e-mail template called "${name}".`);
  }
  return parseTemplateFile(engine, file, 'template');
}

/** The file of a named template: that of the locale, `digest.de.mjml`, where there is one. */
export function templateFile(
  name: string,
  locale: string,
  output: 'html' | 'text',
  exists: (file: string) => boolean,
): string | undefined {
  const ending = output === 'html' ? 'mjml' : 'txt.liquid';
  return [`${name}.${locale}.${ending}`, `${name}.${ending}`].find(exists);
}
