import { invalidField } from '#kernel/errors.js';
import { readTemplates } from '#rendering/project-folder.js';

/** A template that has a place for articles marks where each begins. */
const PLACE_OF_ARTICLES = /\{\{-?\s*article\.begin\s*-?\}\}/;

/**
 * Checks that a template for digests has this name.
 * @throws DomainError `invalid_input` naming `template` and those there are
 */
export function checkTemplate(name: string): void {
  const names = Object.entries(readTemplates('emails'))
    .filter(([file, source]) => file.endsWith('.mjml') && PLACE_OF_ARTICLES.test(source))
    .map(([file]) => file.slice(0, -'.mjml'.length));
  if (names.includes(name)) return;
  throw invalidField(
    'template',
    'unknown_template',
    `There is no digest template "${name}". There is: ${names.join(', ')}.`,
  );
}
