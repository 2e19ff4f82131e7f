import { isIP } from 'node:net';
import type { DmarcRow } from './dmarc-report.js';
import { childOf, childrenOf, textOf, type ReportElement } from './report-xml.js';

/** RFC 9990 §3.1, DKIM Signatures in Aggregate Reports: no more than 100 for a row. */
const MAX_RESULTS = 100;
const MAX_REASONS = 20;
const MAPPED = /^::ffff:(?=\d{1,3}\.)/;

/** @returns null: it has no address, or no count of messages */
export function readDmarcRow(record: ReportElement): DmarcRow | null {
  const row = childOf(record, 'row');
  const sourceIp = (textOf(row, 'source_ip') ?? '').toLowerCase().replace(MAPPED, '');
  const count = textOf(row, 'count') ?? '';
  if (isIP(sourceIp) === 0 || !/^\d{1,12}(?:\.0{0,9})?$/.test(count)) return null;
  const evaluated = childOf(row, 'policy_evaluated');
  // The draft of 2012 calls them identities.
  const identifiers = childOf(record, 'identifiers') ?? childOf(record, 'identities');
  const results = childOf(record, 'auth_results');
  return {
    sourceIp,
    count: Number(count),
    disposition: word(evaluated, 'disposition') || 'none',
    dkim: verdict(evaluated, 'dkim'),
    spf: verdict(evaluated, 'spf'),
    reasons: childrenOf(evaluated, 'reason')
      .slice(0, MAX_REASONS)
      .map((reason) => ({ type: word(reason, 'type') ?? '', comment: textOf(reason, 'comment') || null }))
      .filter(({ type, comment }) => type !== '' || comment !== null),
    headerFrom: word(identifiers, 'header_from') || null,
    envelopeFrom: word(identifiers, 'envelope_from'),
    envelopeTo: word(identifiers, 'envelope_to') || null,
    signatures: childrenOf(results, 'dkim')
      .slice(0, MAX_RESULTS)
      .map((result) => ({
        domain: word(result, 'domain') ?? '',
        selector: word(result, 'selector') || null,
        result: word(result, 'result') || 'none',
      })),
    returnPaths: childrenOf(results, 'spf')
      .slice(0, MAX_RESULTS)
      .map((result) => ({
        domain: word(result, 'domain') ?? '',
        scope: word(result, 'scope') || null,
        result: word(result, 'result') || 'none',
      })),
  };
}

const word = (element: ReportElement | undefined, name: string) =>
  textOf(element, name)?.toLowerCase() ?? null;

const verdict = (evaluated: ReportElement | undefined, name: string) =>
  word(evaluated, name) === 'pass' ? 'pass' : 'fail';
