import type { Check } from '../check.js';
import { txtRecord } from '../dns/names.js';
import type { Resolver } from '../dns/resolver.js';
import { withTags } from '../dns/tag-list.js';
import { answered } from '../unanswered.js';
import { checkReports } from './check-reports.js';
import type { DmarcPolicy, DmarcRecord } from './dmarc-record.js';
import { policyRecord, walkTree, type TreeWalk, type WalkedRecord } from './tree-walk.js';

/**
 * Looks at the DMARC record that applies to the domain in From (RFC 9989): that there is one, what it asks for, and
 * whether the reports it asks for will come.
 * @throws DnsFailure
 */
export async function checkDmarc(fromDomain: string, resolver: Resolver): Promise<Check[]> {
  const walk = await walkTree(fromDomain, resolver);
  const applies = policyRecord(walk);
  if (!applies) return [missing(walk, (await resolver.txt(nameOf(fromDomain))).filter(isMeant).sort())];
  const policy = effectivePolicy(applies, fromDomain);
  if (policy === null) return [withoutPolicy(applies, fromDomain)];
  return [
    recordLine(applies, walk),
    policyLine(applies, policy),
    tagsLine(applies),
    ...(await answered({
      check: 'dmarc_reports',
      about: nameOf(applies.domain),
      ask: async () => [await checkReports(applies, resolver)],
    })),
  ];
}

/** @returns null: receivers pass the record over (RFC 9989 §4.10.1) */
function effectivePolicy({ domain, record }: WalkedRecord, fromDomain: string): DmarcPolicy | null {
  const isPartlyWrong = record.faults.some((fault) => /^(?:p|sp|np)=/.test(fault));
  if (record.p === null || isPartlyWrong) return record.rua.length > 0 ? 'none' : null;
  return domain === fromDomain ? record.p : (record.sp ?? record.p);
}

const nameOf = (domain: string) => `_dmarc.${domain}`;

/** What is no record, but meant to be one. */
const isMeant = (text: string) => /dmarc/i.test(text);

function missing({ start, several }: TreeWalk, meant: readonly string[]): Check {
  const [double] = several;
  return {
    check: 'dmarc',
    about: start,
    state: 'fail',
    found: double?.texts.join(' | ') ?? (meant.join(' | ') || 'no record'),
    publish: txtRecord(
      nameOf(double?.domain ?? start),
      double?.texts[0] ?? `v=DMARC1; p=none; rua=mailto:dmarc@${start}`,
    ),
    why: double
      ? 'There are several records, and receivers then use none of them.'
      : meant.length > 0
        ? 'It does not begin with "v=DMARC1;" in just these letters, so receivers take it for none.'
        : 'Gmail, Yahoo and Microsoft refuse bulk mail whose From domain has no DMARC record.',
  };
}

function withoutPolicy({ domain, record }: WalkedRecord, fromDomain: string): Check {
  return {
    check: 'dmarc',
    about: fromDomain,
    state: 'fail',
    found: `${nameOf(domain)}: ${record.text}`,
    publish: txtRecord(
      nameOf(domain),
      withTags(record.text, { v: 'DMARC1', p: 'none', sp: null, np: null, rua: `mailto:dmarc@${domain}` }),
    ),
    why: 'It has no policy that receivers know (p=none, quarantine or reject), so they use none of it.',
  };
}

function recordLine({ domain, record }: WalkedRecord, { several, start }: TreeWalk): Check {
  const found = `${nameOf(domain)}: ${record.text}`;
  const line = { check: 'dmarc', about: start, found } as const;
  const own = several.find((one) => one.domain === start);
  if (own) {
    return {
      ...line,
      state: 'warn',
      found: [found, ...own.texts].join(' | '),
      publish: txtRecord(nameOf(start), own.texts[0] ?? record.text),
      why: `There are several records at ${nameOf(start)}, and receivers use none of those.`,
    };
  }
  const here = txtRecord(nameOf(domain), record.text);
  return record.faults.length > 0
    ? {
        ...line,
        state: 'warn',
        publish: here,
        why: `Receivers pass over what they do not understand: ${record.faults.join('; ')}.`,
      }
    : { ...line, state: 'ok', publish: here, why: 'A record applies to the domain in From.' };
}

function policyLine({ domain, record }: WalkedRecord, policy: DmarcPolicy): Check {
  const said = [`p=${record.p ?? 'none'}`, record.sp && `sp=${record.sp}`, record.np && `np=${record.np}`];
  const line = {
    check: 'dmarc_policy',
    about: nameOf(domain),
    found: [...said.filter(Boolean), record.isTesting && 't=y'].filter(Boolean).join('; '),
  } as const;
  const tighter = (changes: Record<string, string | null>) =>
    txtRecord(nameOf(domain), withTags(record.text, changes));
  if (policy === 'none') {
    return {
      ...line,
      state: 'warn',
      publish: tighter({
        p: record.p === 'none' || record.p === null ? 'quarantine' : record.p,
        ...(record.sp === 'none' && { sp: 'quarantine' }),
      }),
      why: 'Forged mail in your name is not stopped: tighten it once the reports show that all of yours passes.',
    };
  }
  if (record.isTesting) {
    return {
      ...line,
      state: 'warn',
      publish: tighter({ t: null }),
      why: 'It is marked as a test (t=y), so receivers apply the next weaker policy.',
    };
  }
  return {
    ...line,
    state: 'ok',
    publish: txtRecord(nameOf(domain), record.text),
    why: 'Receivers are asked to stop forged mail.',
  };
}

function tagsLine({ domain, record }: WalkedRecord): Check {
  const line = { check: 'dmarc_tags', about: nameOf(domain) } as const;
  if (record.psd === 'y') {
    return {
      ...line,
      state: 'warn',
      found: 'psd=y',
      publish: txtRecord(nameOf(domain), withTags(record.text, { psd: null })),
      why: 'It says that the domain is a public suffix like com, so names below it are taken for other organisations.',
    };
  }
  return record.removed.length > 0
    ? {
        ...line,
        state: 'warn',
        found: record.removed.join(', '),
        publish: txtRecord(nameOf(domain), withoutRemoved(record)),
        why: 'RFC 9989 no longer has these tags, and some receivers already pass them over.',
      }
    : {
        ...line,
        state: 'ok',
        found: 'none that are out of use',
        publish: txtRecord(nameOf(domain), record.text),
        why: 'Every tag of the record is in use.',
      };
}

/** `pct=0` asked for no more than `t=y` does (RFC 9989, on the removal of pct). */
function withoutRemoved({ text, removed }: DmarcRecord): string {
  const isForNone = /(?:^|;)[ \t]*pct[ \t]*=[ \t]*0[ \t]*(?:;|$)/i.test(text);
  const changes = Object.fromEntries(removed.map((name) => [name, null]));
  return withTags(text, isForNone ? { ...changes, t: 'y' } : changes);
}
