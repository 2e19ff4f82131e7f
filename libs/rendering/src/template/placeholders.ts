import { sentinel, splitAtSentinels } from './sentinel.js';

/** What differs from reader to reader in a compiled mail, as templates name it. */
export const PLACEHOLDER_NAMES = [
  'greeting',
  'unsubscribeUrl',
  'preferencesUrl',
  'confirmUrl',
  'address',
] as const;

/**
 * `measured` is no template's: it stands behind links in the mails of readers who agreed to be measured (see links/measured-edition.ts),
 * and in no others.
 */
export const ALL_PLACEHOLDERS = [...PLACEHOLDER_NAMES, 'measured'] as const;
export type PlaceholderName = (typeof ALL_PLACEHOLDERS)[number];
type TemplatePlaceholder = (typeof PLACEHOLDER_NAMES)[number];

/** The values of one reader, as plain text: whoever fills a placeholder escapes for the part it stands in. */
export type PlaceholderValues = Partial<Record<PlaceholderName, string>>;

/** A place in a text where a reader's value goes. */
export interface Placeholder {
  placeholder: PlaceholderName;
}

/** Tells whether a name is one of the placeholders. */
export function isPlaceholderName(name: string): name is PlaceholderName {
  return (ALL_PLACEHOLDERS as readonly string[]).includes(name);
}

/** @returns the sentinels of every placeholder for a compile, to be used in templates as `{{ slot.unsubscribeUrl }}`. */
export function placeholderSentinels(nonce: string): Record<TemplatePlaceholder, string> {
  return Object.fromEntries(PLACEHOLDER_NAMES.map((name) => [name, sentinel(nonce, name)])) as Record<
    TemplatePlaceholder,
    string
  >;
}

/**
 * Cuts a compiled text at its placeholders.
 *
 * Takes a text that came out of a compiler of this library: there, whatever looked like a placeholder but was not one of
 * its own has been made harmless. Empty strings are left out.
 */
export function splitAtPlaceholders(text: string): (string | Placeholder)[] {
  return splitAtSentinels(text, (_nonce, name) => isPlaceholderName(name)).map((part) =>
    typeof part === 'string' ? part : { placeholder: part.name as PlaceholderName },
  );
}

/**
 * Fills the placeholders of a text.
 * @param kind `html` escapes the values, `text` does not
 * @throws Error when a placeholder has no value: a mail must never leave with a hole in it
 */
export function fillPlaceholders(
  parts: readonly (string | Placeholder)[],
  values: PlaceholderValues,
  kind: 'html' | 'text',
): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : placeholderText(part.placeholder, values, kind)))
    .join('');
}

/** The text of one placeholder, escaped for its part. See {@link fillPlaceholders}. */
export function placeholderText(
  name: PlaceholderName,
  values: PlaceholderValues,
  kind: 'html' | 'text',
): string {
  const value = values[name];
  if (value === undefined)
    throw new Error(`The mail has a placeholder "${name}" and no value was given for it.`);
  return kind === 'html' ? escapeHtml(value) : value;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a text for HTML, both between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
