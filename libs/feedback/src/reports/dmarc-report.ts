/** What receivers made of the mail that named a domain in From, as one of them reports it (RFC 9990; formerly RFC 7489 App. C). */
export interface DmarcReport {
  /** Who reports. */
  org: string;
  email: string | null;
  contact: string | null;
  /** Unique among the reports of this org about this domain. */
  reportId: string;
  from: Date;
  to: Date;
  /** Mistakes in the published record that the reporter met. */
  errors: string[];
  generator: string | null;
  policy: PublishedPolicy;
  /** At most 10,000. */
  rows: DmarcRow[];
  /** What is not in `rows`: beyond the limit, or without an address or a count. */
  leftOut: { rows: number; messages: number };
}

/** The record as the reporter found it; null: it says nothing of it. */
export interface PublishedPolicy {
  domain: string;
  p: string | null;
  sp: string | null;
  np: string | null;
  adkim: 'r' | 's';
  aspf: 'r' | 's';
  /** RFC 7489; gone in RFC 9989. */
  pct: number | null;
  fo: string | null;
  isTesting: boolean;
  /** How the record was looked for. */
  discovery: 'psl' | 'treewalk' | null;
}

/** Messages from one address that fared alike. */
export interface DmarcRow {
  /** IPv4 or IPv6, lower case. */
  sourceIp: string;
  /** Messages. */
  count: number;
  /** `none`, `quarantine`, `reject`; since RFC 9990 `pass` too. */
  disposition: string;
  /** Whether DKIM passed with a domain that aligns with From; SPF likewise. One of both makes DMARC pass. */
  dkim: 'pass' | 'fail';
  spf: 'pass' | 'fail';
  /** Why the disposition is not what the policy asks for: `forwarded`, `mailing_list`, `local_policy` … */
  reasons: { type: string; comment: string | null }[];
  headerFrom: string | null;
  /** '' is the null return path. */
  envelopeFrom: string | null;
  envelopeTo: string | null;
  /** Every signature that was looked at; at most 100 (RFC 9990). */
  signatures: { domain: string; selector: string | null; result: string }[];
  returnPaths: { domain: string; scope: string | null; result: string }[];
}
