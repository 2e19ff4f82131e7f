import { X509Certificate } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/**
 * Fetches a certificate: the text behind an https URL. The caller guards it: a time limit, a size limit (64 kB is plenty), no
 * redirects. The URL is one that a provider's rules allow; its host is not ours.
 * @throws when it cannot be fetched now
 */
export type FetchCertificate = (url: string) => Promise<string>;

/** Providers give a certificate for as long as it is used a URL of its own, and change it about once a year. */
const REMEMBERED_MS = 24 * 3_600_000;
const MAX_REMEMBERED = 50;
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
/** A file with more than that is no chain. */
const MAX_CHAIN = 10;

/** Fetches each URL once a day, and once when many ask at the same time. A fetch that failed is not remembered. */
export function rememberCertificates(fetch: FetchCertificate): FetchCertificate {
  const known = new LRUCache<string, Promise<string>>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });
  return (url) => {
    const before = known.get(url);
    if (before) return before;
    const fetched = fetch(url);
    known.set(url, fetched);
    fetched.catch(() => known.delete(url));
    return fetched;
  };
}

/** The certificates of a PEM text, in their order; none if one cannot be read. */
export function readCertificates(pem: string): X509Certificate[] {
  try {
    return (pem.match(PEM) ?? []).slice(0, MAX_CHAIN).map((one) => new X509Certificate(one));
  } catch {
    return [];
  }
}

/** Whether a certificate is valid at a time. */
export function isValidAt({ validFrom, validTo }: X509Certificate, at: Date): boolean {
  return at.getTime() >= Date.parse(validFrom) && at.getTime() <= Date.parse(validTo);
}

/**
 * Whether a certificate was issued by a root, by way of any of some others (RFC 5280 §6: signatures, names, times, and that each
 * issuer is a certificate authority; no policies and no revocation).
 * @param others certificates that may stand between; any may come from a stranger
 */
export function isIssuedBy(
  root: X509Certificate,
  leaf: X509Certificate,
  others: X509Certificate[],
  at: Date,
): boolean {
  let current = leaf;
  for (let step = 0; step <= others.length; step++) {
    if (!isValidAt(current, at)) return false;
    const isIssuer = (one: X509Certificate) =>
      one.ca && current.checkIssued(one) && current.verify(one.publicKey);
    if (isIssuer(root)) return isValidAt(root, at);
    const above = others.find((one) => one.fingerprint256 !== current.fingerprint256 && isIssuer(one));
    if (!above) return false;
    current = above;
  }
  return false;
}
