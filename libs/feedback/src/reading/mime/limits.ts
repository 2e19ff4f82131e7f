/** A mail that is longer is cut: RFC 5321 §4.5.3.1.7 asks for 64 KB, no report needs as much. */
export const MAX_MAIL_BYTES = 20_971_520;
/** Messages in messages, and parts in parts. */
export const MAX_DEPTH = 10;
export const MAX_PARTS = 300;
/** Of one part. */
export const MAX_HEADER_FIELDS = 1_000;
export const MAX_HEADER_CHARACTERS = 262_144;
/** So much text of a mail is looked at. */
export const MAX_TEXT_CHARACTERS = 262_144;
export const MAX_TEXT_LINES = 8_000;
/** Of one report. */
export const MAX_RECIPIENTS = 1_000;
/** Of a `ReturnedRecipient`. */
export const MAX_REPLY_CHARACTERS = 1_000;
