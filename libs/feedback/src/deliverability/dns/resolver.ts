/**
 * Asks DNS. Every method answers with an empty list when the name or the type does not exist.
 * @throws DnsFailure when there was no answer: then nothing is known
 */
export interface Resolver {
  /** The texts of TXT, each joined from its strings (RFC 7208 §3.3, RFC 6376 §3.6.2.2). */
  txt(name: string): Promise<string[]>;
  a(name: string): Promise<string[]>;
  aaaa(name: string): Promise<string[]>;
  /** In the order of preference. `exchange` '' is the root: a null MX (RFC 7505). */
  mx(name: string): Promise<{ exchange: string; preference: number }[]>;
  /** The names of an address. */
  ptr(address: string): Promise<string[]>;
}

/** DNS did not answer, or said that it could not: `SERVFAIL`, `REFUSED`, a time limit. */
export class DnsFailure extends Error {
  constructor(
    readonly question: string,
    /** As c-ares calls it: `ESERVFAIL`, `ETIMEOUT` …; `ENOTIME`: the time for the whole check is over. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`DNS did not answer for ${question} (${reason}).`, options);
    this.name = 'DnsFailure';
  }
}

/** Both kinds of addresses of a host. */
export async function addressesOf(resolver: Resolver, host: string): Promise<string[]> {
  const [four, six] = await Promise.all([resolver.a(host), resolver.aaaa(host)]);
  return [...four, ...six];
}
