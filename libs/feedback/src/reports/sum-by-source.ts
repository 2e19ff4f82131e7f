import type { DmarcReport, DmarcRow } from './dmarc-report.js';

/** Messages, and how many of them passed DMARC: by DKIM or SPF with a domain that aligns with From. */
export interface DmarcSum {
  messages: number;
  aligned: number;
  failed: number;
}

/** What came from one address, and who saw it. */
export interface SourceSum extends DmarcSum {
  sourceIp: string;
  alignedByDkim: number;
  alignedBySpf: number;
  /** Quarantined or rejected. */
  refused: number;
  /** By who reports it, the largest first. */
  reporters: ({ org: string } & DmarcSum)[];
}

/**
 * Sums reports up by the address that sent. A report that comes twice (RFC 9990: the same id by the same org about the
 * same domain) counts once.
 * @returns the address with most messages first
 */
export function sumBySource(reports: readonly DmarcReport[]): SourceSum[] {
  const sums = new Map<string, OpenSum>();
  for (const report of withoutDoubles(reports)) {
    for (const row of report.rows) {
      const sum = sums.get(row.sourceIp) ?? emptySum(row.sourceIp);
      sums.set(row.sourceIp, sum);
      const ofOrg = sum.byOrg.get(report.org) ?? { org: report.org, messages: 0, aligned: 0, failed: 0 };
      sum.byOrg.set(report.org, ofOrg);
      add(sum, row);
      add(ofOrg, row);
      if (row.dkim === 'pass') sum.alignedByDkim += row.count;
      if (row.spf === 'pass') sum.alignedBySpf += row.count;
      if (row.disposition === 'quarantine' || row.disposition === 'reject') sum.refused += row.count;
    }
  }
  return [...sums.values()]
    .map(({ byOrg, ...sum }) => ({ ...sum, reporters: [...byOrg.values()].sort(byMessages) }))
    .sort(byMessages);
}

function withoutDoubles(reports: readonly DmarcReport[]): DmarcReport[] {
  const key = ({ org, reportId, policy }: DmarcReport) => JSON.stringify([org, reportId, policy.domain]);
  return [...new Map(reports.map((report) => [key(report), report])).values()];
}

type OpenSum = SourceSum & { byOrg: Map<string, { org: string } & DmarcSum> };

const emptySum = (sourceIp: string): OpenSum => ({
  sourceIp,
  messages: 0,
  aligned: 0,
  failed: 0,
  alignedByDkim: 0,
  alignedBySpf: 0,
  refused: 0,
  reporters: [],
  byOrg: new Map(),
});

function add(sum: DmarcSum, { count, dkim, spf }: DmarcRow): void {
  sum.messages += count;
  if (dkim === 'pass' || spf === 'pass') sum.aligned += count;
  else sum.failed += count;
}

const byMessages = (a: DmarcSum, b: DmarcSum) => b.messages - a.messages;
