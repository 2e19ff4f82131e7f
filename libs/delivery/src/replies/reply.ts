/** Where in the dialogue a reply was given; `message`: to the whole of a message, after its final dot or in a bounce mail. */
export const REPLY_STAGES = ['connect', 'mail', 'rcpt', 'data', 'message'] as const;
export type ReplyStage = (typeof REPLY_STAGES)[number];

/** What a server said, in the dialogue of SMTP (RFC 5321 §4.2) or later in a bounce mail (RFC 3464). */
export interface Reply {
  /** The basic code, 200 to 599; null: none was given. */
  code: number | null;
  /** The enhanced status code (RFC 3463), e.g. `5.1.1`, where it is known beside the text. */
  status?: string | null | undefined;
  /** The words, with or without the codes before them, in one line or several. */
  text: string;
  stage?: ReplyStage | undefined;
}

/**
 * - `hard`: this address is dead, and nobody is to write to it again
 * - `soft`: it may work later
 * - `blocked`: it is about us: policy, reputation, or what the message says
 * - `none`: it is no refusal (2xx, or words that say that all is well)
 */
export const REPLY_CLASSES = ['hard', 'soft', 'blocked', 'none'] as const;
export type ReplyClass = (typeof REPLY_CLASSES)[number];

/**
 * What a reply is about: the `address` that does not exist or is closed, the `mailbox` that cannot take it now, the
 * `content` of the message, the `sender` (we, our server, our reputation, our rate), or the `network` between.
 */
export const REPLY_SUBJECTS = ['address', 'mailbox', 'content', 'sender', 'network'] as const;
export type ReplySubject = (typeof REPLY_SUBJECTS)[number];

/** What a reply means. */
export interface ReplyReading {
  class: ReplyClass;
  about: ReplySubject;
  /** The enhanced status code: as given, or as it stands in the text; null: there is none. */
  status: string | null;
}
