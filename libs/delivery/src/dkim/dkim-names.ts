import { domainToASCII } from 'node:url';
import { DomainError } from '#kernel/errors/errors.js';

/** RFC 1035 §2.3.4: a name is at most 255 octets on the wire, 253 as it is written. */
const MAX_NAME_OCTETS = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// domainToASCII reads a URL's host: it would cut `example.org/x` to `example.org` and decode `%61`.
const NAME_TEXT = /^(?:[A-Za-z0-9.-]|[^\0-\x7f])+$/u;

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', message, { errors: [{ field, code: 'invalid', message }] });
}

/**
 * Reads the domain that signs (`d=`).
 * @returns it in ASCII (punycode) and lower case
 * @throws DomainError `invalid_input`
 */
export function parseSigningDomain(text: string): string {
  const domain = NAME_TEXT.test(text) ? domainToASCII(text).toLowerCase() : '';
  const labels = domain.split('.');
  const good = labels.length >= 2 && labels.every((label) => LABEL.test(label));
  if (good && !/^\d+$/.test(labels.at(-1) ?? '') && domain.length <= MAX_NAME_OCTETS) return domain;
  throw invalid('domain', 'The signing domain is a host name like example.org.');
}

/**
 * Reads a selector (`s=`, RFC 6376 §3.1): labels of letters, digits and hyphens, with dots between them.
 * @returns it in lower case
 * @throws DomainError `invalid_input`, also when it makes too long a name of the domain's
 */
export function parseSelector(text: string, domain: string): string {
  const selector = text.toLowerCase();
  if (!selector.split('.').every((label) => LABEL.test(label))) {
    throw invalid('selector', 'A selector is made of letters, digits and hyphens, like news2026.');
  }
  if (recordName(selector, domain).length > MAX_NAME_OCTETS) {
    throw invalid('selector', 'The selector and the domain together are too long for a name in DNS.');
  }
  return selector;
}

/** Where the key stands in DNS (RFC 6376 §3.6.2.1). */
export function recordName(selector: string, domain: string): string {
  return `${selector}._domainkey.${domain}`;
}
