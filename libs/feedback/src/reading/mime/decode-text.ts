/** Names of charsets that mail programs write and the Encoding standard lacks. */
const OTHER_NAMES = new Map([
  ['ansi_x3.4-1968', 'us-ascii'],
  ['ansi_x3.110-1983', 'us-ascii'],
  ['646', 'us-ascii'],
  ['ascii', 'us-ascii'],
  ['cp932', 'shift_jis'],
  ['ms932', 'shift_jis'],
  ['iso-2022-jp-1', 'iso-2022-jp'],
  ['iso-2022-jp-2', 'iso-2022-jp'],
  ['iso-2022-jp-ms', 'iso-2022-jp'],
  ['cp50220', 'iso-2022-jp'],
  ['cp50221', 'iso-2022-jp'],
  ['cp936', 'gbk'],
  ['hz-gb-2312', 'gbk'],
  ['ks_c_5601', 'euc-kr'],
  ['koi8r', 'koi8-r'],
  ['unicode-1-1-utf-8', 'utf-8'],
  ['utf8mb4', 'utf-8'],
]);
/** Of ASCII, or of nothing said: what is beyond it is UTF-8 when it is valid, else what most mail of old was in. */
const ASCII = 'us-ascii';
type Decoder = InstanceType<typeof TextDecoder>;
const decoders = new Map<string, Decoder | null>();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

/**
 * Reads the bytes of a text part. Never throws: what does not fit becomes U+FFFD.
 * @param charset as the part names it; empty: it names none
 */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const decoder = decoderOf(charset.trim().toLowerCase());
  return decoder ? decoder.decode(bytes) : decodeUnnamed(bytes);
}

/** Text of which nothing is known but that it may be UTF-8. */
export function decodeUnnamed(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

function decoderOf(said: string): Decoder | null {
  const name = OTHER_NAMES.get(said) ?? said.replace(/^(?:x-)?cp-?(125\d)$/, 'windows-$1');
  if (name === '' || name === ASCII) return null;
  const known = decoders.get(name);
  if (known !== undefined) return known;
  let decoder: Decoder | null;
  try {
    decoder = new TextDecoder(name);
  } catch {
    decoder = null;
  }
  // Names come from others: the map must not grow with them.
  if (decoders.size < 100) decoders.set(name, decoder);
  return decoder;
}
