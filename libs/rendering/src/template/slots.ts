import { sentinel, splitAtSentinels } from './sentinel.js';

/** What differs from reader to reader in a compiled mail. */
export const SLOT_NAMES = ['greeting', 'unsubscribeUrl', 'preferencesUrl', 'confirmUrl', 'address'] as const;
export type SlotName = (typeof SLOT_NAMES)[number];

/** The values of one reader, as plain text: whoever fills a slot escapes for the part it stands in. */
export type SlotValues = Partial<Record<SlotName, string>>;

/** A place in a text where a reader's value goes. */
export interface Slot {
  slot: SlotName;
}

/** Tells whether a name is one of the slots. */
export function isSlotName(name: string): name is SlotName {
  return (SLOT_NAMES as readonly string[]).includes(name);
}

/** @returns the sentinels of every slot for a compile, to be used in templates as `{{ slot.unsubscribeUrl }}`. */
export function slotSentinels(nonce: string): Record<SlotName, string> {
  return Object.fromEntries(SLOT_NAMES.map((name) => [name, sentinel(nonce, name)])) as Record<
    SlotName,
    string
  >;
}

/**
 * Cuts a compiled text at its slots.
 *
 * Takes a text that came out of a compiler of this library: there, whatever looked like a slot but was not one of
 * its own has been made harmless. Empty strings are left out.
 */
export function splitSlots(text: string): (string | Slot)[] {
  return splitAtSentinels(text, (_nonce, name) => isSlotName(name)).map((part) =>
    typeof part === 'string' ? part : { slot: part.name as SlotName },
  );
}

/**
 * Fills the slots of a text.
 * @param kind `html` escapes the values, `text` does not
 * @throws Error when a slot has no value: a mail must never leave with a hole in it
 */
export function fillSlots(
  parts: readonly (string | Slot)[],
  values: SlotValues,
  kind: 'html' | 'text',
): string {
  return parts.map((part) => (typeof part === 'string' ? part : slotText(part.slot, values, kind))).join('');
}

/** The text of one slot, escaped for its part. See {@link fillSlots}. */
export function slotText(slot: SlotName, values: SlotValues, kind: 'html' | 'text'): string {
  const value = values[slot];
  if (value === undefined) throw new Error(`The mail has a slot "${slot}" and no value was given for it.`);
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
