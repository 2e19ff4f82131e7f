import type { DmarcReport, DmarcRow, PublishedPolicy } from './dmarc-report.js';
import { readDmarcRow } from './read-dmarc-row.js';
import { reportError } from './report-error.js';
import { childOf, childrenOf, readChildren, textOf, type ReportElement } from './report-xml.js';
import { unpackReport } from './unpack.js';

/** Beyond it rows are only counted. Large senders get some thousand a day from the largest receivers. */
const MAX_ROWS = 10_000;
const MAX_ERRORS = 20;
const MILLISECONDS = 1_000;
/** No report is older than DMARC; a time after it is a mistake of the reporter's. */
const LAST_SECOND = Date.UTC(2200, 0, 1) / MILLISECONDS;

/**
 * Reads a DMARC aggregate report: gzip, zip or plain XML; by RFC 9990, RFC 7489 and the drafts before them, whatever
 * namespace they have. Pure, and made for foreign input: run it in a process that may be ended.
 * @param contentType and `filename`, as the mail says: only told in errors, for they cannot be relied on
 * @throws DomainError `too_large` (over 10 MB, or 50 MB unpacked, or a bomb), `malformed`, `unsupported_media_type`;
 * `extra.fault` says it closer
 */
export function readDmarcReport(content: Uint8Array, contentType: string, filename: string): DmarcReport {
  const reading = new Reading();
  const isFound = readChildren(unpackReport(content), 'feedback', (child) => reading.take(child));
  if (!isFound) throw reportError('not_a_report', `No DMARC report: ${filename || contentType}.`);
  return reading.report();
}

class Reading {
  private metadata: ReportElement | undefined;
  private policy: ReportElement | undefined;
  private readonly rows: DmarcRow[] = [];
  private readonly leftOut = { rows: 0, messages: 0 };

  take(child: ReportElement): void {
    if (child.name === 'report_metadata') this.metadata ??= child;
    else if (child.name === 'policy_published') this.policy ??= child;
    else if (child.name === 'record') this.takeRow(child);
  }

  private takeRow(record: ReportElement): void {
    const row = readDmarcRow(record);
    if (row && this.rows.length < MAX_ROWS) {
      this.rows.push(row);
    } else {
      this.leftOut.rows++;
      this.leftOut.messages += row?.count ?? 0;
    }
  }

  report(): DmarcReport {
    const { metadata } = this;
    const email = textOf(metadata, 'email') || null;
    const range = childOf(metadata, 'date_range');
    return {
      org: textOf(metadata, 'org_name') || email?.split('@').at(-1) || missing('org_name'),
      email,
      contact: textOf(metadata, 'extra_contact_info') || null,
      reportId: textOf(metadata, 'report_id') || missing('report_id'),
      from: instantOf(range, 'begin'),
      to: instantOf(range, 'end'),
      errors: childrenOf(metadata, 'error')
        .slice(0, MAX_ERRORS)
        .map(({ text }) => text),
      generator: textOf(metadata, 'generator') || null,
      policy: policyOf(this.policy),
      rows: this.rows,
      leftOut: this.leftOut,
    };
  }
}

function missing(name: string): never {
  throw reportError('damaged', `The DMARC report has no usable ${name}.`);
}

/** Without a zone it is UTC, as all times of reports are. */
const inUtc = (text: string) =>
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;

/** Seconds since 1970, as the standard has it; some write them with a fraction, some a date. */
function instantOf(range: ReportElement | undefined, name: string): Date {
  const text = textOf(range, name) ?? '';
  const seconds = /^\d{1,12}(?:\.\d{0,9})?$/.test(text)
    ? Number(text)
    : Date.parse(inUtc(text)) / MILLISECONDS;
  return seconds > 0 && seconds < LAST_SECOND ? new Date(Math.trunc(seconds) * MILLISECONDS) : missing(name);
}

function policyOf(policy: ReportElement | undefined): PublishedPolicy {
  const word = (name: string) => textOf(policy, name)?.toLowerCase() || null;
  const pct = word('pct');
  const discovery = word('discovery_method');
  return {
    domain: word('domain') ?? missing('policy_published/domain'),
    p: word('p'),
    sp: word('sp'),
    np: word('np'),
    adkim: word('adkim') === 's' ? 's' : 'r',
    aspf: word('aspf') === 's' ? 's' : 'r',
    pct: pct !== null && /^\d{1,3}$/.test(pct) ? Number(pct) : null,
    fo: word('fo'),
    isTesting: word('testing') === 'y',
    discovery: discovery === 'psl' || discovery === 'treewalk' ? discovery : null,
  };
}
