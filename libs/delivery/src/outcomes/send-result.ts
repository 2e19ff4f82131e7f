/** What happened to one message on the wire. */
export type SendResult =
  | { kind: 'accepted'; code: number; reply: string }
  | { kind: 'refused'; stage: 'mail' | 'rcpt' | 'data' | 'message'; code: number; reply: string }
  /** The connection broke, timed out or spoke nonsense; `after` the final dot the message may have been taken. */
  | { kind: 'broken'; stage: 'before' | 'after'; reason: string }
  /** This server cannot take a message to this address (SMTPUTF8 not offered). */
  | { kind: 'impossible'; reason: string }
  /** The transport cannot be used now: nothing was begun, and the next messages will fare no better. */
  | { kind: 'unreachable'; reason: string; retryAfterMs: number }
  /** It was not to be begun any more when its turn came. */
  | { kind: 'not-begun' }
  /** The server refuses us as a client (AUTH, policy at the greeting). */
  | { kind: 'rejected-client'; code: number; reply: string };
