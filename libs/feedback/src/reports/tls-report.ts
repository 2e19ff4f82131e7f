/** How connections to our servers were encrypted, as one sender reports it (RFC 8460). */
export interface TlsReport {
  org: string;
  contact: string | null;
  reportId: string;
  from: Date;
  to: Date;
  policies: TlsPolicyResult[];
  /** Policies and failures beyond the limits. */
  leftOut: number;
}

/** RFC 8460 §4.2: what came of one policy. */
export interface TlsPolicyResult {
  /** `sts`, `tlsa`, `no-policy-found`. */
  type: string;
  domain: string | null;
  /** The policy as it was found, line by line. */
  policy: string[];
  mxHosts: string[];
  /** Connections. */
  successful: number;
  failed: number;
  failures: TlsFailure[];
}

/** RFC 8460 §4.3, §4.4; null: not told. */
export interface TlsFailure {
  /** `starttls-not-supported`, `certificate-expired`, `sts-policy-fetch-error` … */
  type: string;
  count: number;
  sendingIp: string | null;
  receivingIp: string | null;
  receivingHost: string | null;
  receivingHelo: string | null;
  reasonCode: string | null;
  moreInformation: string | null;
}
