import type { BodyForm, StampedMessage } from '#rendering/wire/plate.js';
import type { SendResult } from '../outcomes/send-result.js';

/** One message to one recipient, in wire form. */
export interface OutgoingMessage {
  /** Envelope sender and recipient: bare addresses. */
  from: string;
  to: string;
  /** With its angle brackets. */
  messageId: string;
  subject: string;
  /** It holds a link by which somebody becomes an operator, or signs in as one: the built-in mailbox shows it to fewer. */
  opensAccount?: boolean;
  /** Makes the MIME message, safe for DATA: CRLF line ends, no line starting with a bare dot. Its buffers are not copied. */
  stamp(form: BodyForm): StampedMessage;
}

/**
 * Whether a message may go on: asked before its `envelope`, when a connection has room for it, and again before its
 * `content`. Only then is it begun: until the content goes, no server can have it. Of a long one it is asked once more,
 * when all but its `end` is under way: whether one that was begun may be completed.
 */
export type Permission = (what: 'envelope' | 'content' | 'end') => boolean;

/** A way out for messages. */
export abstract class Transport {
  abstract readonly name: string;
  /** How many messages it is worth sending at once from this process. */
  abstract readonly lanes: number;
  /**
   * Sends one message. Never throws: whatever happens is a result.
   * @param begin false: do not begin, or do not complete it
   */
  abstract send(message: OutgoingMessage, begin?: Permission): Promise<SendResult>;

  /** For how many milliseconds it is of no use to try; 0: it may be tried. */
  restMs(): number {
    return 0;
  }

  /** Breaks every connection off, whatever is on it, and takes no further message. What was on one gets a result. */
  breakOff(): void {}

  /** Ends the connections nothing is on and takes no further message. */
  abstract close(): Promise<void>;
}
