import { EncodedText } from './encoded-text.js';
import type { WirePart } from './wire-placeholder.js';

/** RFC 5321 §4.5.3.1.6: a line has at most 1000 octets with its CRLF. */
const LONGEST_LINE = 998;
/** RFC 2045 §6.8. */
const BASE64_LINE = 76;
const SOFT_BREAK = Buffer.from('=\r\n');

/** `8bit` may hold bytes above 127 (RFC 6152): only for a server that offers 8BITMIME. */
export type BodyForm = '7bit' | '8bit';
export type TransferEncoding = 'quoted-printable' | 'base64' | '8bit';

/**
 * Chooses how to write a part (docs/decisions/0014): quoted-printable; base64 when that is shorter and no placeholder falls
 * in it; as it is when the server takes that, it saves at least an eighth and every line can be written so.
 */
export function transferEncodingOf(texts: readonly EncodedText[], form: BodyForm): TransferEncoding {
  let octets = 0;
  let beyondAscii = 0;
  for (const text of texts) {
    octets += text.octets.octets;
    beyondAscii += text.octets.beyondAscii;
  }
  // Quoted-printable adds two octets for each of those beyond ASCII, base64 a third of all.
  if (form === '8bit' && 16 * beyondAscii > octets && fitsAsItIs(texts)) return '8bit';
  const base64 = 6 * beyondAscii > octets && !texts.some((text) => text.hasPlaceholders);
  return base64 ? 'base64' : 'quoted-printable';
}

function fitsAsItIs(texts: readonly EncodedText[]): boolean {
  let column = 0;
  for (const { lines } of texts) {
    if (lines.touchy || (column === 0 && lines.touchyStart)) return false;
    column += lines.first;
    if (column > LONGEST_LINE || lines.longest > LONGEST_LINE) return false;
    if (lines.several) column = lines.last;
  }
  return column <= LONGEST_LINE;
}

/** Puts a part together from its texts: their own buffers, not copies, but for base64. */
export function joinTexts(texts: readonly EncodedText[], encoding: TransferEncoding): WirePart[] {
  switch (encoding) {
    case '8bit':
      return texts.flatMap((text) => text.eightBit);
    case 'base64':
      return [base64Of(texts)];
    case 'quoted-printable':
      return joinQuotedPrintable(texts);
  }
}

function joinQuotedPrintable(texts: readonly EncodedText[]): WirePart[] {
  const joined: WirePart[] = [];
  let wasOpen = false;
  for (const text of texts) {
    const { parts, open } = text.quotedPrintable;
    if (wasOpen && !text.breaksFirst) joined.push(SOFT_BREAK);
    for (const part of parts) joined.push(part);
    wasOpen = open;
  }
  return joined;
}

/** Groups of three octets don't end where the texts do, so this is the one encoding that is made for each variant. */
function base64Of(texts: readonly EncodedText[]): Buffer {
  const plain = texts.flatMap((text) => text.eightBit).filter((part) => Buffer.isBuffer(part));
  const encoded = Buffer.concat(plain).toString('base64');
  return Buffer.from(encoded.replace(new RegExp(`.{${BASE64_LINE}}(?=.)`, 'g'), '$&\r\n'));
}
