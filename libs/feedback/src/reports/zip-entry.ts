import { crc32 } from 'node:zlib';
import { reportError } from './report-error.js';

/** The only file of a zip archive, still as it lies there. */
export interface ZipEntry {
  name: string;
  method: 'stored' | 'deflated';
  data: Uint8Array;
  /** Unpacked, in octets, as the archive says. */
  size: number;
  /** @returns what was unpacked. @throws DomainError `malformed` when its length or checksum is another */
  verified(unpacked: Uint8Array): Uint8Array;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
/** Folders and macOS's shadows may stand beside the report. */
const MAX_ENTRIES = 20;
const ENCRYPTED = 1;
/** Where ZIP64 begins: these values say that the real ones stand elsewhere. No report is so large. */
const IN_ZIP64 = 0xffffffff;
const METHODS: Record<number, ZipEntry['method'] | undefined> = { 0: 'stored', 8: 'deflated' };

const damaged = () => reportError('damaged', 'The zip archive of the report is damaged.');

/**
 * Finds the one file of an archive by its central directory (APPNOTE.TXT 4.3.12): the local headers may lack the sizes.
 * @throws DomainError `malformed`; `unsupported_media_type` when it has more files than one, is encrypted, spans volumes,
 * or is packed by another method than DEFLATE
 */
export function readZipEntry(octets: Uint8Array): ZipEntry {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  try {
    const files = directoryOf(view, octets).filter(({ name }) => isReportFile(name));
    const [file] = files;
    if (!file) throw reportError('not_a_report', 'The zip archive holds no file.');
    if (files.length > 1)
      throw reportError('unsupported', 'The zip archive holds more files than the report.');
    return entryOf(view, octets, file);
  } catch (error) {
    if (error instanceof RangeError) throw damaged();
    throw error;
  }
}

interface DirectoryEntry {
  name: string;
  flags: number;
  method: number;
  checksum: number;
  packed: number;
  size: number;
  at: number;
}

const isReportFile = (name: string) => !name.endsWith('/') && !name.startsWith('__MACOSX/');

function directoryOf(view: DataView, octets: Uint8Array): DirectoryEntry[] {
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES)
    throw reportError('unsupported', 'The zip archive holds more files than the report.');
  const entries: DirectoryEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw damaged();
    const nameLength = view.getUint16(at + 28, true);
    entries.push({
      name: Buffer.from(octets.subarray(at + 46, at + 46 + nameLength)).toString('utf8'),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function endOfDirectory(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw damaged();
}

function entryOf(view: DataView, octets: Uint8Array, file: DirectoryEntry): ZipEntry {
  const method = METHODS[file.method];
  if ((file.flags & ENCRYPTED) !== 0 || !method || [file.packed, file.size, file.at].includes(IN_ZIP64)) {
    throw reportError(
      'unsupported',
      'The zip archive is encrypted, or packed in a way that reports are not.',
    );
  }
  if (view.getUint32(file.at, true) !== LOCAL_HEADER) throw damaged();
  const begin = file.at + 30 + view.getUint16(file.at + 26, true) + view.getUint16(file.at + 28, true);
  const data = octets.subarray(begin, begin + file.packed);
  const verified = (unpacked: Uint8Array) => {
    if (unpacked.byteLength !== file.size || crc32(unpacked) !== file.checksum) throw damaged();
    return unpacked;
  };
  if (data.byteLength !== file.packed) throw damaged();
  return {
    name: file.name,
    method,
    data: method === 'stored' ? verified(data) : data,
    size: file.size,
    verified,
  };
}
