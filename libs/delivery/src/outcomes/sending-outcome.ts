import type { DeliveryStatus } from '#database/schema/index.js';

/** How one try to send a message leaves its row. */
export interface SendingOutcome {
  status: Exclude<DeliveryStatus, 'claimed'>;
  /** For `queued`: when to try again. */
  dueAt?: Date;
  /** Counts as a try. */
  tried: boolean;
  /** Its process died while it was on the wire. */
  inDoubt?: boolean;
  /** The refusal was about the address: its reader is not written to again. */
  hardBounce?: boolean;
  code: number | null;
  /** The server's words, addresses taken out. */
  reply: string;
}

/** The same of an edition's row. */
export interface DeliveryOutcome extends SendingOutcome {
  subscriberId: string;
}
