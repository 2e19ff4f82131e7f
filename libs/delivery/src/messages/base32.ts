/** RFC 4648 §6, in lower case and without padding. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

/** @returns eight characters for each five bytes, and one for each five bits that are left */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >> bits) & 31);
    }
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 31) : text;
}

/** The inverse of {@link toBase32}. @returns undefined: no bytes are written so */
export function fromBase32(text: string): Buffer | undefined {
  const bytes = Buffer.alloc(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const value = VALUES.get(character);
    if (value === undefined) return undefined;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 255;
  }
  const isWhole = bits < 5 && (held & ((1 << bits) - 1)) === 0;
  return isWhole ? bytes : undefined;
}
