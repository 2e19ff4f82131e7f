import { BlockList, isIPv4 } from 'node:net';
import { addressesOf, type Resolver } from '../dns/resolver.js';
import { hasMacro, isSpf, readSpf, type SpfTerm } from './spf-record.js';

/** RFC 7208 §4.6.4: receivers ask no more for one message, and take what needs more for a mistake. */
export const MAX_LOOKUPS = 10;
export const MAX_VOID_LOOKUPS = 2;
const MAX_MX_NAMES = 10;
/** Where we stop, whatever it says: enough to say by how much there is too much. */
const MOST_ASKED = 40;

/** A record with everything that it refers to. */
export interface SpfTree {
  domain: string;
  /** As it is published; null: there is none, or more than one. */
  record: string | null;
  nodes: SpfNode[];
  redirect: SpfTree | null;
}

/** A mechanism, looked up. */
export interface SpfNode {
  term: SpfTerm;
  /** What it stands for; null: of another kind, or it depends on the message. */
  networks: BlockList | null;
  include: SpfTree | null;
  /** Whether it needs a message: macros, `exists`, `ptr`. */
  depends: boolean;
}

/** What came up on the way. */
export interface SpfSurvey {
  tree: SpfTree;
  lookups: number;
  voids: number;
  /** Mistakes that make receivers take the whole for void, in words. */
  faults: string[];
  /** Domains that are included or redirected to, in order. */
  includes: string[];
}

/**
 * Looks up all that an SPF record refers to, and counts as RFC 7208 §4.6.4 does for a message that nothing matches.
 * @param record the domain's own, which the caller has chosen
 * @throws DnsFailure
 */
export async function surveySpf(domain: string, record: string, resolver: Resolver): Promise<SpfSurvey> {
  const surveyor = new Surveyor(resolver);
  const tree = await surveyor.treeOf(domain, record, [domain]);
  return { tree, ...surveyor.found };
}

class Surveyor {
  readonly found = { lookups: 0, voids: 0, faults: [] as string[], includes: [] as string[] };

  constructor(private readonly resolver: Resolver) {}

  async treeOf(domain: string, record: string, way: string[]): Promise<SpfTree> {
    const { terms, redirect, faults } = readSpf(record);
    this.found.faults.push(...faults.map((fault) => `${domain}: ${fault}`));
    const nodes: SpfNode[] = [];
    // In order: the counts, and what is past the limit, are then always the same.
    for (const term of terms) nodes.push(await this.nodeOf(term, domain, way));
    const followed = redirect !== null && !terms.some(({ mechanism }) => mechanism === 'all');
    return { domain, record, nodes, redirect: followed ? await this.referred(redirect, way) : null };
  }

  private async nodeOf(term: SpfTerm, domain: string, way: string[]): Promise<SpfNode> {
    const node: SpfNode = { term, networks: null, include: null, depends: false };
    const target = term.target ?? domain;
    switch (term.mechanism) {
      case 'all':
        return node;
      case 'ip4':
      case 'ip6':
        return { ...node, networks: networksOf([target], term) };
      case 'include':
        if (!hasMacro(target)) return { ...node, include: await this.referred(target, way) };
        break;
      case 'a':
        if (!hasMacro(target)) return { ...node, networks: networksOf(await this.hosts(target), term) };
        break;
      case 'mx':
        if (!hasMacro(target)) return { ...node, networks: networksOf(await this.exchangers(target), term) };
        break;
      case 'exists':
      case 'ptr':
        break;
    }
    this.found.lookups++;
    return { ...node, depends: true };
  }

  private async referred(domain: string, way: string[]): Promise<SpfTree | null> {
    this.found.lookups++;
    if (hasMacro(domain) || this.isEnough) return null;
    this.found.includes.push(domain);
    if (way.includes(domain)) {
      this.found.faults.push(`${domain} refers to itself`);
      return null;
    }
    const texts = await this.resolver.txt(domain);
    const records = texts.filter(isSpf);
    if (texts.length === 0) this.found.voids++;
    const [record] = records;
    if (record === undefined || records.length > 1) {
      this.found.faults.push(
        `${domain} has ${records.length === 0 ? 'no SPF record' : 'several SPF records'}`,
      );
      return { domain, record: null, nodes: [], redirect: null };
    }
    return this.treeOf(domain, record, [...way, domain]);
  }

  private async hosts(name: string): Promise<string[]> {
    this.found.lookups++;
    if (this.isEnough) return [];
    const addresses = await addressesOf(this.resolver, name);
    if (addresses.length === 0) this.found.voids++;
    return addresses;
  }

  private async exchangers(name: string): Promise<string[]> {
    this.found.lookups++;
    if (this.isEnough) return [];
    const exchangers = await this.resolver.mx(name);
    if (exchangers.length === 0) this.found.voids++;
    if (exchangers.length > MAX_MX_NAMES) this.found.faults.push(`${name} has more than 10 MX`);
    const hosts = exchangers.slice(0, MAX_MX_NAMES).filter(({ exchange }) => exchange !== '');
    return (await Promise.all(hosts.map(({ exchange }) => addressesOf(this.resolver, exchange)))).flat();
  }

  private get isEnough(): boolean {
    return this.found.lookups > MOST_ASKED;
  }
}

function networksOf(addresses: readonly string[], { bits4, bits6 }: SpfTerm): BlockList {
  const list = new BlockList();
  for (const address of addresses) {
    if (isIPv4(address)) list.addSubnet(address, bits4 ?? 32, 'ipv4');
    else list.addSubnet(address, bits6 ?? 128, 'ipv6');
  }
  return list;
}
