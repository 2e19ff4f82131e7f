const MINUTE_MS = 60_000;

/** How long a server may take, in milliseconds. */
export interface SmtpTimeouts {
  connect: number;
  greeting: number;
  /** For the reply to MAIL, RCPT and RSET, each. */
  command: number;
  /** For the reply to DATA. */
  data: number;
  /** To take the content of a message, before its final dot. */
  content: number;
  /** For the reply to the final dot. */
  accept: number;
}

/** RFC 5321 §4.5.3.2: the shortest times a client may have. */
export const RFC_TIMEOUTS: SmtpTimeouts = {
  connect: MINUTE_MS / 2, // TCP says nothing of it; an unreachable host is known much sooner
  greeting: 5 * MINUTE_MS, // §4.5.3.2.1
  command: 5 * MINUTE_MS, // §4.5.3.2.2-3
  data: 2 * MINUTE_MS, // §4.5.3.2.4
  content: 10 * MINUTE_MS, // §4.5.3.2.5 gives 3 minutes to each block; this is for all of them
  accept: 10 * MINUTE_MS, // §4.5.3.2.6
};
