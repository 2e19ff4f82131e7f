import { readTags } from '../dns/tag-list.js';

export const DMARC_POLICIES = ['none', 'quarantine', 'reject'] as const;
export type DmarcPolicy = (typeof DMARC_POLICIES)[number];

/** RFC 9989 §4.7. */
export interface DmarcRecord {
  text: string;
  /** null: absent, or no policy. */
  p: DmarcPolicy | null;
  sp: DmarcPolicy | null;
  np: DmarcPolicy | null;
  /** Whether domains must be the same, not only of one organisation. */
  isDkimStrict: boolean;
  isSpfStrict: boolean;
  /** Where reports go: addresses after `mailto:`. */
  rua: string[];
  psd: 'y' | 'n' | 'u';
  isTesting: boolean;
  /** Tags that RFC 7489 had and RFC 9989 has no more. */
  removed: string[];
  /** What receivers pass over or replace by a default, in words. */
  faults: string[];
}

const VERSION = /^\s{0,20}v\s{0,20}=\s{0,20}DMARC1\s{0,20}(?:;|$)/;
const REMOVED = ['pct', 'rf', 'ri'] as const;
const VALUES: Record<string, RegExp> = {
  p: /^(?:none|quarantine|reject)$/i,
  sp: /^(?:none|quarantine|reject)$/i,
  np: /^(?:none|quarantine|reject)$/i,
  adkim: /^[rs]$/i,
  aspf: /^[rs]$/i,
  t: /^[yn]$/i,
  psd: /^[ynu]$/i,
};
/** A size limit behind the address (RFC 7489 §6.2) is no longer known, but stands in many records. */
const MAILTO = /^mailto:([^!]{1,320})(?:!\d{1,10}[kmgt]?)?$/i;

/** Whether a text is a DMARC record at all; what is none is passed over. */
export const isDmarc = (text: string) => VERSION.test(text);

/** Reads a record. Never throws: what is wrong counts as its default, and is told. */
export function readDmarc(text: string): DmarcRecord {
  const { tags, rest } = readTags(text);
  const value = (name: string) => {
    const given = tags.get(name)?.toLowerCase();
    return given !== undefined && VALUES[name]?.test(given) ? given : null;
  };
  const wrong = Object.keys(VALUES).filter((name) => tags.has(name) && value(name) === null);
  const uris = (tags.get('rua') ?? '').split(',').map((uri) => uri.trim());
  const rua = uris.flatMap((uri) => addressOf(uri) ?? []);
  const otherUris = uris.filter((uri) => uri !== '' && addressOf(uri) === null);
  return {
    text,
    p: value('p') as DmarcPolicy | null,
    sp: value('sp') as DmarcPolicy | null,
    np: value('np') as DmarcPolicy | null,
    isDkimStrict: value('adkim') === 's',
    isSpfStrict: value('aspf') === 's',
    rua,
    psd: (value('psd') ?? 'u') as DmarcRecord['psd'],
    isTesting: value('t') === 'y',
    removed: REMOVED.filter((name) => tags.has(name)),
    faults: [
      ...rest.map((piece) => `"${piece}" is no tag`),
      ...wrong.map((name) => `${name}=${tags.get(name) ?? ''} is no value that it may have`),
      ...otherUris.map((uri) => `rua=${uri} is no mailto: address`),
    ],
  };
}

function addressOf(uri: string): string | null {
  const address = MAILTO.exec(uri)?.[1] ?? '';
  const at = address.lastIndexOf('@');
  return at > 0 && at < address.length - 1 ? address : null;
}
