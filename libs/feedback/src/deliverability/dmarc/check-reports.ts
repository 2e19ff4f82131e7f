import type { Check } from '../check.js';
import { asciiDomain, txtRecord } from '../dns/names.js';
import type { Resolver } from '../dns/resolver.js';
import { withTags } from '../dns/tag-list.js';
import { isDmarc } from './dmarc-record.js';
import { organisationalDomain, walkTree, type WalkedRecord } from './tree-walk.js';

/** Receivers need not send to more than a few (RFC 7489 §6.2). */
const MAX_ASKED = 5;

/**
 * Whether reports are asked for, and whether who is to get them has agreed: another organisation must say so in its own
 * DNS, or no receiver sends there (RFC 9990 §4).
 * @throws DnsFailure
 */
export async function checkReports({ domain, record }: WalkedRecord, resolver: Resolver): Promise<Check> {
  const name = `_dmarc.${domain}`;
  const line = { check: 'dmarc_reports', about: name, found: record.rua.join(', ') || 'no rua' } as const;
  if (record.rua.length === 0) {
    return {
      ...line,
      state: 'warn',
      publish: txtRecord(name, withTags(record.text, { rua: `mailto:dmarc@${domain}` })),
      why: 'Without rua no receiver reports who sends in your name, and whether your own mail passes.',
    };
  }
  const organisation = organisationalDomain(await walkTree(domain, resolver));
  const hosts = record.rua.slice(0, MAX_ASKED).map((address) => asciiDomain(address.split('@').at(-1) ?? ''));
  const asked = await Promise.all(
    [...new Set(hosts)].map(async (host) => ({
      host,
      isAgreed: await hasAgreed(host, domain, organisation, resolver),
    })),
  );
  const [refusing] = asked.filter(({ isAgreed }) => !isAgreed);
  return refusing
    ? {
        ...line,
        state: 'warn',
        publish: txtRecord(authorisationName(domain, refusing.host), 'v=DMARC1'),
        why: `${refusing.host} has not said in its own DNS that it takes reports about ${domain}, so receivers send none there.`,
      }
    : {
        ...line,
        state: 'ok',
        publish: txtRecord(name, record.text),
        why: 'Receivers report to these addresses.',
      };
}

const authorisationName = (domain: string, host: string) => `${domain}._report._dmarc.${host}`;

async function hasAgreed(
  host: string,
  domain: string,
  organisation: string,
  resolver: Resolver,
): Promise<boolean> {
  if (organisationalDomain(await walkTree(host, resolver)) === organisation) return true;
  return (await resolver.txt(authorisationName(domain, host))).some(isDmarc);
}
