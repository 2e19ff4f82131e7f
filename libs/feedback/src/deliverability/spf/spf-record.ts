import { isIPv4, isIPv6 } from 'node:net';

export type SpfQualifier = '+' | '-' | '~' | '?';
export const SPF_MECHANISMS = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const;
export type SpfMechanism = (typeof SPF_MECHANISMS)[number];

/** RFC 7208 §5. */
export interface SpfTerm {
  qualifier: SpfQualifier;
  mechanism: SpfMechanism;
  /** A domain, with its macros; of `ip4` and `ip6` the address; null: the domain of the record itself. */
  target: string | null;
  /** Leading bits; null: all of them. */
  bits4: number | null;
  bits6: number | null;
  /** As it is written. */
  text: string;
}

export interface SpfRecord {
  terms: SpfTerm[];
  /** RFC 7208 §6.1; counts only where there is no `all`. */
  redirect: string | null;
  /** What receivers take for a mistake that makes all of it void (`permerror`), in words. */
  faults: string[];
  /** What receivers take, but is hardly meant or no longer wanted, in words. */
  oddities: string[];
}

const VERSION = /^v=spf1(?: |$)/i;
const TERM = /^([-+~?]?)([a-z][a-z0-9_.-]*)(?:([:=/])(.*))?$/i;
const BITS = /(?:\/(0|[1-9]\d{0,2}))?(?:\/\/(0|[1-9]\d{0,2}))?$/;
const MACRO_STRING = /^(?:[!-$&-~]|%\{[slodiphcrtv]\d{0,3}r?[-.+,/_=]{0,7}\}|%[%_-])*$/i;

/** Whether a text is an SPF record at all (RFC 7208 §4.5). */
export const isSpf = (text: string) => VERSION.test(text);

/** Reads a record (RFC 7208 §4.6.1, §12). Never throws: what is wrong is told. */
export function readSpf(text: string): SpfRecord {
  const record: SpfRecord = { terms: [], redirect: null, faults: [], oddities: [] };
  for (const term of text.split(' ').slice(1)) {
    if (term !== '') readTerm(term, record);
  }
  return record;
}

/** What others wrote, in a sentence of ours. */
const quoted = (text: string) => `"${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text}"`;
const MAX_QUOTED = 80;

/** Whether what is meant depends on the message. */
export const hasMacro = (target: string) => target.includes('%');

function readTerm(text: string, record: SpfRecord): void {
  const parts = TERM.exec(text);
  const [, sign = '', name = '', separator, rest = ''] = parts ?? [];
  if (!parts) record.faults.push(`${quoted(text)} is no mechanism`);
  else if (separator === '=') readModifier(text, sign, name.toLowerCase(), rest, record);
  else {
    const term = mechanismOf(
      text,
      sign,
      name.toLowerCase(),
      separator === '/' ? `/${rest}` : rest,
      separator,
    );
    if (typeof term === 'string') record.faults.push(term);
    else record.terms.push(term);
    if (name === 'ptr')
      record.oddities.push('"ptr" is not to be used (RFC 7208 §5.5), and some receivers pass it over');
  }
}

function readModifier(text: string, sign: string, name: string, value: string, record: SpfRecord): void {
  if (sign !== '' || !MACRO_STRING.test(value)) {
    record.faults.push(`${quoted(text)} is no modifier`);
  } else if (name === 'redirect') {
    if (value === '') record.faults.push('"redirect=" names no domain');
    else if (!isDomainSpec(value)) record.faults.push(`${quoted(text)} names no domain`);
    else if (record.redirect !== null) record.faults.push('"redirect" stands twice');
    else record.redirect = value.toLowerCase().replace(/\.$/, '');
  } else if (SPF_MECHANISMS.some((mechanism) => mechanism === name)) {
    record.oddities.push(`${quoted(text)} is passed over: it needs a colon for its equals sign`);
  }
}

/** @returns what is wrong, in words, where it is no mechanism */
function mechanismOf(
  text: string,
  sign: string,
  name: string,
  value: string,
  separator: string | undefined,
): SpfTerm | string {
  const mechanism = SPF_MECHANISMS.find((one) => one === name);
  if (!mechanism) return `${quoted(text)} is no mechanism that SPF knows`;
  const qualifier = (sign === '' ? '+' : sign) as SpfQualifier;
  const term: SpfTerm = { qualifier, mechanism, target: null, bits4: null, bits6: null, text };
  const isWrong = `${quoted(text)} is written wrongly`;
  if (mechanism === 'all') return separator === undefined ? term : isWrong;
  if (mechanism === 'ip4' || mechanism === 'ip6') return networkOf(term, value) ?? isWrong;
  const bits = (mechanism === 'a' || mechanism === 'mx') && BITS.exec(value);
  if (bits) {
    term.bits4 = bits[1] === undefined ? null : Number(bits[1]);
    term.bits6 = bits[2] === undefined ? null : Number(bits[2]);
    if ((term.bits4 ?? 0) > 32 || (term.bits6 ?? 0) > 128) return isWrong;
  }
  const target = bits ? value.slice(0, bits.index) : value;
  if (separator === ':' && target === '') return isWrong;
  if (target === '') return mechanism === 'include' || mechanism === 'exists' ? isWrong : term;
  if (!isDomainSpec(target)) return isWrong;
  return { ...term, target: target.toLowerCase().replace(/\.$/, '') };
}

const MAX_NAME = 253;
const TOP_LABEL = /^(?![0-9]+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
/** RFC 7208 §7.1: it ends in a macro or in a label that is no number. */
function isDomainSpec(target: string): boolean {
  if (!MACRO_STRING.test(target) || target.length > MAX_NAME) return false;
  if (target.endsWith('}')) return true;
  const labels = target.replace(/\.$/, '').split('.');
  return labels.length > 1 && TOP_LABEL.test(labels.at(-1) ?? '');
}

function networkOf(term: SpfTerm, value: string): SpfTerm | null {
  const isFour = term.mechanism === 'ip4';
  const [address = '', bits, ...more] = value.split('/');
  const most = isFour ? 32 : 128;
  const isRight = isFour ? isIPv4(address) : isIPv6(address);
  if (
    !isRight ||
    more.length > 0 ||
    (bits !== undefined && !(/^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= most))
  )
    return null;
  const prefix = bits === undefined ? null : Number(bits);
  return { ...term, target: address, bits4: isFour ? prefix : null, bits6: isFour ? null : prefix };
}
