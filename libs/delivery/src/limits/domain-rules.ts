import type { DomainRule } from '#database/schema/index.js';

/**
 * What the big mailbox providers take from one sender without complaint, as their postmaster pages and the field's
 * experience have it: careful numbers for a sender in good standing. A transport's own rules replace them all.
 */
export const DEFAULT_DOMAIN_RULES: readonly DomainRule[] = [
  { domains: ['gmail.com', 'googlemail.com'], connections: 20, perSecond: 100 },
  {
    domains: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'hotmail.co.uk',
      'hotmail.fr',
      'hotmail.de',
    ],
    connections: 10,
    perSecond: 50,
  },
  {
    domains: ['yahoo.com', 'ymail.com', 'aol.com', 'yahoo.co.uk', 'yahoo.fr', 'yahoo.de', 'yahoo.co.in'],
    connections: 10,
    perSecond: 50,
  },
  { domains: ['icloud.com', 'me.com', 'mac.com'], connections: 10, perSecond: 30 },
  { domains: ['gmx.de', 'gmx.net', 'web.de', 'gmx.at', 'gmx.ch'], connections: 5, perSecond: 20 },
  { domains: ['t-online.de', 'magenta.de'], connections: 3, perSecond: 10 },
  { domains: ['orange.fr', 'wanadoo.fr'], connections: 2, perSecond: 5 },
  { domains: ['free.fr', 'laposte.net', 'sfr.fr'], connections: 2, perSecond: 5 },
  { domains: ['comcast.net', 'att.net', 'verizon.net', 'cox.net'], connections: 5, perSecond: 20 },
  { domains: ['mail.ru', 'yandex.ru', 'qq.com', '163.com'], connections: 5, perSecond: 10 },
];

/** The limit that holds for one recipient domain. */
export interface DomainLimit {
  /** Domains with the same key share one limit and one rest. */
  key: string;
  connections: number | null;
  perSecond: number | null;
}

/** Finds the limit of a recipient domain. */
export class DomainRules {
  private readonly byDomain = new Map<string, DomainLimit>();
  private readonly members = new Map<string, readonly string[]>();
  private readonly forOthers: Omit<DomainLimit, 'key'>;

  /** @param rules null: the defaults; none: no limits */
  constructor(rules: readonly DomainRule[] | null) {
    let others: DomainRule | undefined;
    for (const rule of rules ?? DEFAULT_DOMAIN_RULES) {
      const { connections, perSecond } = rule;
      const named = rule.domains.filter((domain) => domain !== '*').map((domain) => domain.toLowerCase());
      if (named.length < rule.domains.length) others = rule;
      const key = named[0];
      if (key === undefined) continue;
      this.members.set(key, named);
      for (const domain of named) this.byDomain.set(domain, { key, connections, perSecond });
    }
    this.forOthers = { connections: others?.connections ?? null, perSecond: others?.perSecond ?? null };
  }

  /** @param domain in ASCII, lower case */
  limitOf(domain: string): DomainLimit {
    return this.byDomain.get(domain) ?? { key: domain, ...this.forOthers };
  }

  /** The domains that share a key. */
  domainsOf(key: string): readonly string[] {
    return this.members.get(key) ?? [key];
  }
}

/** The domain of an address as it stands in `subscriber.email`, lower case. */
export function domainOfAddress(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
