import type { ReplyStage } from '#delivery/replies/reply.js';

/**
 * What a mail is that came back:
 * - `bounce`: it could not be delivered, for good or for now (RFC 3464 `failed`, and the many that follow no standard)
 * - `delayed`: it is still being tried (RFC 3464 `delayed`)
 * - `complaint`: its reader calls it spam (RFC 5965)
 * - `auto_reply`: a machine answers for a person: holiday notes, tickets, challenges (RFC 3834)
 * - `unsubscribe`: a reader asks to be left alone, by the address of `List-Unsubscribe` (RFC 2369)
 * - `dmarc_report`, `tls_report`: RFC 9990, RFC 8460
 * - `other`: none of these
 */
export const RETURN_KINDS = [
  'bounce',
  'delayed',
  'complaint',
  'auto_reply',
  'unsubscribe',
  'dmarc_report',
  'tls_report',
  'other',
] as const;
export type ReturnKind = (typeof RETURN_KINDS)[number];

/** What a mail says of one recipient. */
export interface ReturnedRecipient {
  /** The address we wrote to as far as it is told (`Original-Recipient` before `Final-Recipient`); lower case; null: not told. */
  address: string | null;
  /** Where it was sent on to, when that failed and is another address. */
  finalAddress: string | null;
  /** RFC 3464 §2.3.3, or what the words amount to. */
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** The basic reply code that the report quotes; null: none. */
  code: number | null;
  /** The enhanced status code; null: none. */
  status: string | null;
  /** The words of the server that refused it, else those of the report; at most 1,000 characters. */
  text: string;
  /** Where in the dialogue it was refused, as far as it is told. */
  stage: ReplyStage | null;
}

/** What of our own message came back with a mail. */
export interface ReturnedOriginal {
  /** With its angle brackets, as it stood in our header; null: not there. */
  messageId: string | null;
  from: string | null;
  /** Addresses of `To`, lower case. */
  to: string[];
  listId: string | null;
  feedbackId: string | null;
  /** RFC 9477 §3.3: what names our message in a complaint. */
  cfblFeedbackId: string | null;
  /** The whole header field, with links in it. */
  listUnsubscribe: string | null;
  returnPath: string | null;
}

/** A mail that came back, read. Plain data: it crosses a process. */
export interface ReturnedMail {
  kind: ReturnKind;
  /** Empty for all but `bounce`, `delayed` and `complaint`. */
  recipients: ReturnedRecipient[];
  /**
   * Every address that this mail was sent or delivered to, by its own headers (`To`, `Cc`, `Delivered-To`, `X-Original-To`,
   * `Envelope-To`, `X-Failed-Recipients` not among them), and every return path it quotes: one may hold our token. Case kept.
   */
  returnPaths: string[];
  /** Message-IDs of ours that it may name: of what it returns, of `In-Reply-To`, `References`, `Original-Envelope-Id`; first the surest. */
  messageIds: string[];
  original: ReturnedOriginal | null;
  /** This mail's own. */
  from: string | null;
  subject: string;
  messageId: string | null;
  /** RFC 3834, in the words of its own header: what made it an auto-reply; else null. */
  autoSubmitted: string | null;
  /** Sent by a machine, as far as its header shows: no person asks anything by it. */
  isFromMachine: boolean;
  /** Of a complaint: RFC 5965 §3.2 `Feedback-Type` (`abuse`, `fraud`, `not-spam` …), the reporter, and what else it tells. */
  complaint: ComplaintReport | null;
  /** Of `dmarc_report` and `tls_report`: the report as it was attached, not unpacked. */
  report: AttachedReport | null;
  /** Why it could not be read whole; null: it was. */
  note: string | null;
}

/** A report that machines exchange: RFC 9990, RFC 8460 §5.3. */
export interface AttachedReport {
  /** Lower case, without parameters. */
  contentType: string;
  filename: string | null;
  content: Uint8Array;
}

/** RFC 5965 §3. */
export interface ComplaintReport {
  /** Lower case: `abuse`, `fraud`, `virus`, `not-spam`, `auth-failure`, `other` … */
  feedbackType: string;
  userAgent: string | null;
  sourceIp: string | null;
  reportedDomain: string | null;
  arrivedAt: Date | null;
}
