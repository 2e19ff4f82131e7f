import { domainToASCII } from 'node:url';
import { stripAround } from './strip.js';

/** RFC 5321 §4.5.3.1.3: a path is at most 256 octets with its angle brackets, so an address at most 254. */
export const MAX_ADDRESS_OCTETS = 254;
/** Of what is given, with white space and marks around it; characters. No longer text is looked at: anybody may send one. */
const MAX_GIVEN = 1_000;
/** RFC 5321 §4.5.3.1.1. */
const MAX_LOCAL_OCTETS = 64;

export interface MailAddress {
  /** As it is written to: local part kept as given (NFC), domain in its ASCII form. */
  address: string;
  /** The key of uniqueness: also lower-cased. */
  normalised: string;
  /** The domain in ASCII (punycode), lower case. */
  domain: string;
}

export type AddressProblem = 'required' | 'control_characters' | 'too_long' | 'invalid';

export const ADDRESS_PROBLEMS: Record<AddressProblem, string> = {
  required: 'Enter an e-mail address.',
  control_characters: 'An e-mail address holds no line breaks or control characters.',
  too_long: 'An e-mail address is at most 254 bytes long.',
  invalid: 'Enter an e-mail address like name@example.org.',
};

// RFC 5322 atext, and any character outside ASCII that is neither a control nor white space (RFC 6532).
const DOT_ATOM =
  /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\0-\x7f\p{C}\p{Z}])+(?:\.(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\0-\x7f\p{C}\p{Z}])+)*$/u;
// domainToASCII reads a URL's host: it would cut `example.org/x` to `example.org` and decode `%61`.
const DOMAIN_TEXT = /^(?:[A-Za-z0-9.-]|[^\0-\x7f])+$/u;
const DOMAIN_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Marks that come along when an address is copied from a text: none of them is in an address. */
const PASTED = '“”„‟«»‹›‚‘’';
/** The same in ASCII, where some may be in an address: only around the whole. */
const ENCLOSED = /^(?:"([^"]*)"|'([^']*)'|<([^<>]*)>|mailto:(.*))$/i;

/** The address in what was pasted: without the marks around it. */
function withoutMarks(text: string): string {
  const bare = stripAround(text.trim(), PASTED).trim();
  const [, ...inner] = ENCLOSED.exec(bare) ?? [];
  return (inner.find((one) => one !== undefined) ?? bare).trim();
}

/**
 * Reads an e-mail address given by a person.
 *
 * White space, quotation marks, angle brackets and `mailto:` around it are dropped; the domain may be internationalised (IDNA) and is turned to punycode. Quoted
 * local parts and address literals are refused: no mailbox provider gives them out, and they are a way to smuggle.
 * @returns the address, or the name of what is wrong with it
 */
export function parseAddress(input: string): MailAddress | AddressProblem {
  if (input.length > MAX_GIVEN) return 'too_long';
  const text = withoutMarks(input.normalize('NFC'));
  if (text === '') return 'required';
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text)) return 'control_characters';
  if (Buffer.byteLength(text) > MAX_ADDRESS_OCTETS) return 'too_long';
  const at = text.lastIndexOf('@');
  if (at < 1) return 'invalid';
  const local = text.slice(0, at);
  const given = text.slice(at + 1);
  if (!DOMAIN_TEXT.test(given)) return 'invalid';
  const domain = domainToASCII(given).toLowerCase();
  const labels = domain.split('.');
  if (!DOT_ATOM.test(local)) return 'invalid';
  if (labels.length < 2 || !labels.every((label) => DOMAIN_LABEL.test(label))) return 'invalid';
  if (/^\d+$/.test(labels.at(-1) ?? '')) return 'invalid';
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(local) > MAX_LOCAL_OCTETS || Buffer.byteLength(address) > MAX_ADDRESS_OCTETS)
    return 'too_long';
  return { address, normalised: `${local.toLowerCase()}@${domain}`, domain };
}
