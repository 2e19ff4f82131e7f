import type { Resolver } from '../dns/resolver.js';
import { isDmarc, readDmarc, type DmarcRecord } from './dmarc-record.js';

/** RFC 9989 §4.10: from names with more labels the walk jumps to seven, so that it never asks more than eight times. */
const MOST_LABELS = 8;

export interface WalkedRecord {
  domain: string;
  record: DmarcRecord;
}

/** What a walk from a domain to the root has found. */
export interface TreeWalk {
  start: string;
  /** From the longest name. */
  found: WalkedRecord[];
  /** Names with more records than one, which therefore count as none. */
  several: { domain: string; texts: string[] }[];
}

/** The domains whose records a walk asks for, the domain itself first (RFC 9989 §4.10). */
export function walkedDomains(domain: string): string[] {
  const labels = domain.split('.');
  const first = labels.length > MOST_LABELS ? labels.length - MOST_LABELS + 1 : 1;
  const parents = labels.slice(first).map((_, index) => labels.slice(first + index).join('.'));
  return [domain, ...parents];
}

/**
 * Walks up the tree of names and reads the DMARC records on the way (RFC 9989 §4.10); `psd=y` or `psd=n` ends it.
 * @throws DnsFailure
 */
export async function walkTree(domain: string, resolver: Resolver): Promise<TreeWalk> {
  const walk: TreeWalk = { start: domain, found: [], several: [] };
  for (const name of walkedDomains(domain)) {
    const texts = (await resolver.txt(`_dmarc.${name}`)).filter(isDmarc).sort();
    const [text] = texts;
    if (texts.length > 1) walk.several.push({ domain: name, texts });
    if (text === undefined || texts.length > 1) continue;
    const record = readDmarc(text);
    walk.found.push({ domain: name, record });
    if (record.psd !== 'u') break;
  }
  return walk;
}

/** Where an organisation begins, which relaxed alignment compares (RFC 9989 §4.10.2). */
export function organisationalDomain({ start, found }: TreeWalk): string {
  for (const { domain, record } of found) {
    if (record.psd === 'n') return domain;
    if (record.psd === 'y' && domain !== start) return oneLabelBelow(domain, start);
  }
  return found.at(-1)?.domain ?? start;
}

/** The record that applies to a domain in From (RFC 9989 §4.10.1): its own, its organisation's, or that of the suffix above. */
export function policyRecord(walk: TreeWalk): WalkedRecord | null {
  const organisation = organisationalDomain(walk);
  const of = (name: string) => walk.found.find(({ domain }) => domain === name);
  const ofSuffix = walk.found.find(({ domain, record }) => record.psd === 'y' && domain !== organisation);
  return of(walk.start) ?? of(organisation) ?? ofSuffix ?? null;
}

function oneLabelBelow(parent: string, start: string): string {
  const labels = start.split('.');
  return labels.slice(-(parent.split('.').length + 1)).join('.');
}
