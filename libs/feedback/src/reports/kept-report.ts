import { storableText } from '#kernel/input/storable-text.js';
import type { DmarcReport } from './dmarc-report.js';
import { readDmarcReport } from './read-dmarc-report.js';
import { readTlsReport } from './read-tls-report.js';
import type { TlsReport } from './tls-report.js';

/** A report that came with a mail, not unpacked. */
export interface PackedReport {
  contentType: string;
  filename: string | null;
  content: Uint8Array;
}

/** What is kept of a report: who made it, of which days, and its numbers. */
export interface KeptReport {
  kind: 'dmarc' | 'tls';
  organisation: string;
  reportId: string;
  domain: string;
  startsAt: Date;
  endsAt: Date;
  rows: unknown[];
}

/** Rows that are kept, those with most messages first: the rest is single messages from everywhere. */
const MOST_ROWS = 500;
/** Characters of a name. */
const LONGEST = 255;

/** Reads a report for keeping. Errors as `readDmarcReport` and `readTlsReport`. */
export function keptReport(
  kind: KeptReport['kind'],
  { content, contentType, filename }: PackedReport,
): KeptReport {
  const made =
    kind === 'dmarc'
      ? ofDmarc(readDmarcReport(content, contentType, filename ?? ''))
      : ofTls(readTlsReport(content, contentType, filename ?? ''));
  return storable(made) as KeptReport;
}

/** With every text in it as the database can hold it. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value, LONGEST);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, its]) => [name, storable(its)]));
}

function ofDmarc({ org, reportId, from, to, policy, rows }: DmarcReport): KeptReport {
  const most = [...rows].sort((a, b) => b.count - a.count).slice(0, MOST_ROWS);
  return {
    kind: 'dmarc',
    organisation: org,
    reportId: reportId,
    domain: policy.domain,
    startsAt: from,
    endsAt: to,
    rows: most.map(({ sourceIp, count, disposition, dkim, spf, headerFrom }) => ({
      sourceIp,
      count,
      disposition,
      dkim,
      spf,
      headerFrom,
    })),
  };
}

function ofTls({ org, reportId, from, to, policies }: TlsReport): KeptReport {
  return {
    kind: 'tls',
    organisation: org,
    reportId: reportId,
    domain: policies[0]?.domain ?? '',
    startsAt: from,
    endsAt: to,
    rows: policies.slice(0, MOST_ROWS),
  };
}
