import type { Check, TransportSubject } from '../check.js';
import { txtRecord } from '../dns/names.js';
import type { Resolver } from '../dns/resolver.js';
import { answered } from '../unanswered.js';
import { checkTransport } from './check-transport.js';
import { isSpf, readSpf } from './spf-record.js';
import { mendedSpf, mergedSpf, suggestedSpf, withAll, withoutOddities } from './suggest-spf.js';
import { MAX_LOOKUPS, MAX_VOID_LOOKUPS, surveySpf, type SpfSurvey } from './spf-tree.js';

/**
 * Looks at the SPF record of the return path's domain (RFC 7208): that there is one and only one, its syntax and what it
 * costs to evaluate, and whether it authorises what the transports send from.
 * @throws DnsFailure
 */
export async function checkSpf(
  domain: string,
  transports: readonly TransportSubject[],
  resolver: Resolver,
): Promise<Check[]> {
  const texts = await resolver.txt(domain);
  const records = texts.filter(isSpf).sort();
  const [record] = records;
  if (record === undefined || records.length > 1) {
    return [missingOrDouble(domain, records, texts.filter(isMeant).sort(), transports)];
  }
  const survey = await surveySpf(domain, record, resolver);
  const sending = await Promise.all(
    transports.map((transport) =>
      answered({
        check: 'spf_transport',
        about: transport.name,
        ask: async () => [await checkTransport(transport, record, survey, resolver)],
      }),
    ),
  );
  return [recordLine(domain, record, survey), lookupLine(domain, record, survey), ...sending.flat()];
}

/** Mistakes in one sentence. */
const MAX_TOLD = 3;

/** What is no record, but meant to be one. */
const isMeant = (text: string) => /^.{0,5}v.{0,3}spf/i.test(text);

function missingOrDouble(
  domain: string,
  records: readonly string[],
  meant: readonly string[],
  transports: readonly TransportSubject[],
): Check {
  const isMissing = records.length === 0;
  return {
    check: 'spf',
    about: domain,
    state: 'fail',
    found: records.join(' | ') || meant.join(' | ') || 'no SPF record',
    publish: txtRecord(domain, isMissing ? suggestedSpf(transports) : mergedSpf(records)),
    why: isMissing
      ? meant.length > 0
        ? 'It does not begin with "v=spf1 " in just these letters, so receivers take it for none.'
        : 'Without a record no server is authorised to send for this domain, and big receivers refuse the mail.'
      : 'Two records make receivers take both for a mistake: there may be only one, with all that may send in it.',
  };
}

function recordLine(domain: string, record: string, { faults, tree }: SpfSurvey): Check {
  const line = { check: 'spf', about: domain, found: record } as const;
  const { terms, oddities } = readSpf(record);
  const all = terms.find(({ mechanism }) => mechanism === 'all');
  const here = txtRecord(domain, record);
  if (faults.length > 0) {
    return {
      ...line,
      state: 'fail',
      publish: txtRecord(domain, mendedSpf(tree)),
      why: `A mistake makes receivers ignore the whole record: ${faults.slice(0, MAX_TOLD).join('; ')}.`,
    };
  }
  const [oddity] = oddities;
  if (oddity !== undefined) {
    return {
      ...line,
      state: 'warn',
      publish: txtRecord(domain, withoutOddities(record)),
      why: `Something in it does not do what it seems to: ${oddity}.`,
    };
  }
  if (all && (all.qualifier === '+' || all.qualifier === '?')) {
    return {
      ...line,
      state: 'warn',
      publish: txtRecord(domain, withAll(record, all.text, '~all')),
      why:
        all.qualifier === '+'
          ? 'It authorises everybody in the world, so it proves nothing, and receivers distrust it.'
          : 'It says nothing of servers that are not in it, so forged mail is treated like yours.',
    };
  }
  if (!all && !tree.redirect) {
    return {
      ...line,
      state: 'warn',
      publish: txtRecord(domain, `${record.trimEnd()} ~all`),
      why: 'Without an "all" at the end it says nothing of servers that are not in it.',
    };
  }
  return { ...line, state: 'ok', publish: here, why: 'There is one record, and it is written rightly.' };
}

function lookupLine(domain: string, record: string, { lookups, voids, includes }: SpfSurvey): Check {
  const isOver = lookups > MAX_LOOKUPS || voids > MAX_VOID_LOOKUPS;
  return {
    check: 'spf_lookups',
    about: domain,
    state: isOver ? 'fail' : 'ok',
    found: `${lookups} look-ups of at most ${MAX_LOOKUPS}, ${voids} of them in vain of at most ${MAX_VOID_LOOKUPS}; includes: ${includes.join(', ') || 'none'}`,
    publish: txtRecord(domain, record),
    why: isOver
      ? 'Receivers stop there and take the record for a mistake: remove what you no longer send with, or write its addresses as ip4 and ip6.'
      : 'Receivers look up no more than that for one message, and this record stays below.',
  };
}
