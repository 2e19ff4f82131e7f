import type { Check, DeliverabilitySubject } from '../check.js';
import { asciiDomain, isWithin, txtRecord } from '../dns/names.js';
import type { Resolver } from '../dns/resolver.js';
import { organisationalDomain, policyRecord, walkTree } from './tree-walk.js';

/**
 * Whether what authenticates a message is of the domain in From (RFC 9989 §4.4): the domains that sign, and that of the
 * return path. One of them is enough for a message to pass DMARC, both is better.
 * @throws DnsFailure
 */
export async function checkAlignment(
  { fromDomain, returnPathDomain }: { fromDomain: string; returnPathDomain: string },
  keys: DeliverabilitySubject['dkim'],
  resolver: Resolver,
): Promise<Check[]> {
  const walk = await walkTree(fromDomain, resolver);
  const record = policyRecord(walk)?.record ?? null;
  const organisation = organisationalDomain(walk);
  const isAligned = async (domain: string, isStrict: boolean) =>
    domain === fromDomain ||
    (!isStrict && organisationalDomain(await walkTree(domain, resolver)) === organisation);

  const signing = [...new Set(keys.map(({ domain }) => asciiDomain(domain)))];
  const isDkimStrict = record?.isDkimStrict ?? false;
  const isSpfStrict = record?.isSpfStrict ?? false;
  const signed = await Promise.all(
    signing.map(async (domain) => ({ domain, isAligned: await isAligned(domain, isDkimStrict) })),
  );
  const isPathAligned = await isAligned(returnPathDomain, isSpfStrict);
  const isAnyAligned = isPathAligned || signed.some((one) => one.isAligned);
  const common = { fromDomain, isAnyAligned, hasRecord: record !== null };
  return [
    ...(signing.length === 0
      ? [unsigned(fromDomain)]
      : signed.map((one) => line('alignment_dkim', one, isDkimStrict, common))),
    line('alignment_spf', { domain: returnPathDomain, isAligned: isPathAligned }, isSpfStrict, common),
  ];
}

function line(
  check: 'alignment_dkim' | 'alignment_spf',
  { domain, isAligned }: { domain: string; isAligned: boolean },
  isStrict: boolean,
  common: { fromDomain: string; isAnyAligned: boolean; hasRecord: boolean },
): Check {
  const { fromDomain, isAnyAligned, hasRecord } = common;
  const subject = check === 'alignment_dkim' ? 'The domain that signs' : 'The domain of the return path';
  const found = `${domain} for From ${fromDomain}, ${isStrict ? 'strict' : 'relaxed'}`;
  if (isAligned) {
    return {
      check,
      about: domain,
      state: 'ok',
      found,
      publish: HERE[check](fromDomain),
      why: `${subject} fits that in From.`,
    };
  }
  const isRelated = isWithin(domain, fromDomain) || isWithin(fromDomain, domain);
  if (!hasRecord && isRelated) {
    const top = isWithin(domain, fromDomain) ? fromDomain : domain;
    return {
      check,
      about: domain,
      state: 'warn',
      found,
      publish: txtRecord(`_dmarc.${top}`, `v=DMARC1; p=none; rua=mailto:dmarc@${top}`),
      why: `${subject} only fits that in From once a DMARC record says that both are of one organisation.`,
    };
  }
  return {
    check,
    about: domain,
    state: isAnyAligned ? 'warn' : 'fail',
    found,
    publish: HERE[check](fromDomain),
    why: isAnyAligned
      ? `${subject} does not fit that in From, so DMARC rests on the other of SPF and DKIM alone.`
      : `${subject} does not fit that in From, and neither does anything else, so every message fails DMARC.`,
  };
}

/** What makes it fit: no record but a setting of ours. */
const HERE = {
  alignment_dkim: (domain: string) => `a DKIM key with d=${domain}`,
  alignment_spf: (domain: string) =>
    `a return path at ${domain} or below it, as in BOUNCE_ADDRESS=bounces@${domain}`,
};

function unsigned(fromDomain: string): Check {
  return {
    check: 'alignment_dkim',
    about: fromDomain,
    state: 'unknown',
    found: 'we sign with no key',
    publish: HERE.alignment_dkim(fromDomain),
    why: 'Whether the transport signs, and with which domain, is only seen in a mail that has arrived.',
  };
}
