import { gunzipSync, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { reportError } from './report-error.js';
import { readZipEntry } from './zip-entry.js';

const MEGABYTE = 1024 * 1024;
/** As it comes. The largest senders stay below 2 MB. */
const MAX_PACKED = 10 * MEGABYTE;
const MAX_UNPACKED = 50 * MEGABYTE;
/** Rows that differ in an address only are packed to about a hundredth; a bomb to a thousandth (DEFLATE's limit is 1,032). */
const MAX_RATIO = 300;
/** Below it the ratio says nothing. */
const SMALL = MEGABYTE;
/** A few reporters pack what they have packed: `report.xml.gz` in a zip. */
const MAX_LAYERS = 2;

type Packing = 'gzip' | 'zip' | 'plain';

/**
 * Takes the text of a report out of gzip or zip, which its first octets tell: neither the media type nor the name can be
 * relied on.
 * @returns the octets of the XML or JSON, at most 50 MB
 * @throws DomainError `too_large`, `malformed`, `unsupported_media_type`
 */
export function unpackReport(content: Uint8Array): Uint8Array {
  if (content.byteLength > MAX_PACKED) throw reportError('too_large', 'The report is larger than 10 MB.');
  let octets = content;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const packing = packingOf(octets);
    if (packing === 'plain') return octets;
    octets = UNPACK[packing](octets, limitFor(octets));
  }
  if (packingOf(octets) === 'plain') return octets;
  throw reportError('unsupported', 'The report is packed more than twice.');
}

function packingOf(octets: Uint8Array): Packing {
  if (octets[0] === 0x1f && octets[1] === 0x8b) return 'gzip';
  if (octets[0] === 0x50 && octets[1] === 0x4b && octets[2] !== undefined && octets[2] <= 7) return 'zip';
  return 'plain';
}

const limitFor = ({ byteLength }: Uint8Array) =>
  Math.min(MAX_UNPACKED, Math.max(SMALL, byteLength * MAX_RATIO));

const UNPACK: Record<Exclude<Packing, 'plain'>, (octets: Uint8Array, most: number) => Uint8Array> = {
  gzip: (octets, most) => inflated(gunzipSync, withoutLineEnds(octets), most),
  zip(octets, most) {
    const entry = readZipEntry(octets);
    if (entry.size > most) throw bomb();
    return entry.method === 'stored'
      ? entry.data
      : entry.verified(inflated(inflateRawSync, entry.data, Math.max(1, entry.size)));
  },
};

/** Some put line ends behind it. What we take is below 50 MB, so the last octet of its length, which ends a gzip, is at most 3. */
function withoutLineEnds(octets: Uint8Array): Uint8Array {
  let end = octets.byteLength;
  while (end > 0 && LINE_ENDS.includes(octets[end - 1] ?? 0)) end--;
  return octets.subarray(0, end);
}

const LINE_ENDS = [0x0a, 0x0d];

const bomb = (cause?: unknown) =>
  reportError('too_large', 'The report is much larger unpacked than a report is.', cause);

function inflated(
  inflate: (octets: Uint8Array, options: ZlibOptions) => Buffer,
  octets: Uint8Array,
  most: number,
): Buffer {
  try {
    return inflate(octets, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw bomb(error);
    throw reportError('damaged', 'The report cannot be unpacked: it is damaged or cut off.', error);
  }
}
