/** The codes that stand before a server's words, as in `smtp; 550 5.1.1 …` (RFC 3464 §2.3.6) and `550-5.7.26 …`. */
const CODE = /^(?:[a-z0-9-]{1,20};)?\s{0,10}([245]\d\d)(?=[\s-]|$)/i;
/** RFC 3463, where it begins the words, follows the code, or stands in `#5.1.1` or `(5.1.1)`. */
const STATUS = /(?:^|[\s#([-])([245]\.\d{1,3}\.\d{1,3})(?![\d.]?\d)/;

/** The codes in a text that quotes a reply; null: none. */
export function replyIn(text: string): { code: number | null; status: string | null } {
  const code = CODE.exec(text)?.[1];
  return { code: code === undefined ? null : Number(code), status: STATUS.exec(text)?.[1] ?? null };
}
