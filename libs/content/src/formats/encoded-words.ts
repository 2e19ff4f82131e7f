import { decodeAs } from '../fetching/charset.js';

/** RFC 2047 §2: `=?charset?Q?text?=`, with RFC 2231's language after the charset. */
const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]{0,20})?\?([bq])\?([^?\s]{0,400})\?=/gi;

/** Words that were encoded for a mail's header, as people's names in feeds sometimes are; what is none stays. */
export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text;
  // §6.2: white space between two of them is not shown.
  return text
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(WORD, (whole, charset: string, encoding: string, encoded: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(encoded, 'base64') : quoted(encoded);
      return decodeAs(bytes, charset) ?? whole;
    });
}

/** RFC 2047 §4.2. */
function quoted(text: string): Buffer {
  const latin = text
    .replaceAll('_', ' ')
    .replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(latin, 'latin1');
}
