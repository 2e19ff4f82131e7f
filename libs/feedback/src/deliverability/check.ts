/** - `unknown`: it could not be found out: DNS did not answer, or it cannot be seen from outside */
export const CHECK_STATES = ['ok', 'warn', 'fail', 'unknown'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** What is looked at. There may be several lines of one: {@link Check.about} tells them apart. */
export const CHECKS = [
  'spf', // the record of the return path's domain
  'spf_lookups',
  'spf_transport', // whether it authorises what a transport sends from
  'dkim', // a key that we sign with
  'dmarc', // the record that applies to From
  'dmarc_policy',
  'dmarc_tags',
  'dmarc_reports',
  'alignment_dkim',
  'alignment_spf',
  'return_path',
  'mx',
  'tls_transport',
  'mta_sts',
  'tls_rpt',
  'ptr',
  'list_unsubscribe',
  'block_list',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** One line of what was found. */
export interface Check {
  check: CheckName;
  /** The name, address or transport that it is about. */
  about: string;
  state: CheckState;
  /** The values, as they are published; several are sorted, so that the same is told in the same words. */
  found: string;
  /** The record as a zone file has it, ready to paste, or the setting to change; of what is in order, what is there. */
  publish: string;
  /** One plain sentence. */
  why: string;
}

/** Where mail leaves by. */
export interface TransportSubject {
  /** As operators call it. */
  name: string;
  /** Its SMTP server. */
  host: string;
  /** From which addresses it sends on; null: it is a provider's relay, whose addresses cannot be known from here. */
  addresses: readonly string[] | null;
  /** Whether we speak TLS with it; null: only if it offers it. */
  isTls: boolean | null;
}

/** What is checked. Domains may be written in Unicode. */
export interface DeliverabilitySubject {
  /** The domain of the sender's address. */
  fromDomain: string;
  /** The keys that we sign with; `publicKey` as `publicKeyOf` makes it. Empty: the transports sign, or nobody does. */
  dkim: readonly { domain: string; selector: string; publicKey: string }[];
  /** The domain of the return path; null: the sender's address is it. */
  bounceDomain: string | null;
  /** `BASE_URL` */
  baseUrl: string;
  /** Empty: no mail leaves. */
  transportHosts: readonly TransportSubject[];
  /** A link as it stands in `List-Unsubscribe`, with a token of no reader; null: it is not tried. */
  listUnsubscribeUrl: string | null;
}
