import type { FieldError } from '#kernel/errors/errors.js';
import { translate } from '#rendering/template/locales.js';

/** What is wrong with one field of a form, in the reader's language. */
export interface FieldMessage {
  /** The field's name in the form; `topics.1` is about `topics`, and so is `topics-x` of one x of several. */
  field: string;
  message: string;
}

/** A text exists under this key, though maybe only in the base locale. */
function known(locale: string, key: string): string | undefined {
  const text = translate(locale, key);
  return text === key ? undefined : text;
}

/**
 * The errors of an input as a form shows them: one message a field, in the order in which they were found.
 * Codes without a text of their own get that of the field, or the general one.
 */
export function fieldMessages(locale: string, errors: readonly FieldError[]): FieldMessage[] {
  const messages = new Map<string, string>();
  for (const { field: path, code } of errors) {
    const field = path.split('.')[0] ?? path;
    if (messages.has(field)) continue;
    const kind = field.split('-')[0] ?? field;
    const text =
      known(locale, `pages.error.${kind}.${code}`) ??
      known(locale, `pages.error.${kind}`) ??
      translate(locale, 'pages.error.field');
    messages.set(field, text);
  }
  return [...messages].map(([field, message]) => ({ field, message }));
}
