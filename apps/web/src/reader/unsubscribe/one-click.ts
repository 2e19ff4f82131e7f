/** An unsubscribe body is a few dozen bytes; of a longer one only the beginning matters. */
export const READ_BYTES = 16 * 1024;

const URLENCODED = /(?:^|&)\s*List-Unsubscribe\s*=\s*One-Click\s*(?:&|$)/i;
const MULTIPART = /name="?List-Unsubscribe"?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\nOne-Click\s/i;

/**
 * Whether a body asks for one-click unsubscribe: the pair `List-Unsubscribe=One-Click`, urlencoded or as multipart
 * (RFC 8058 §3.1). Read from the bytes, whatever content type they claim: a mail provider's mistake there must not
 * keep a reader subscribed.
 */
export function isOneClick(body: Buffer): boolean {
  const text = body.toString('latin1');
  return URLENCODED.test(text.trim()) || MULTIPART.test(text);
}
