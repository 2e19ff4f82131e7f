import { randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { DomainError } from '#kernel/errors/errors.js';
import { zipOf } from './fixtures.js';
import { unpackReport } from './unpack.js';

const TEXT = '<feedback>Grüße</feedback>';
const file = (text = TEXT) => ({ name: 'mail.example!example.org!1!2.xml', text });
const MEGABYTE = 1024 * 1024;

function faultOf(content: Uint8Array): unknown {
  try {
    unpackReport(content);
  } catch (error) {
    return error instanceof DomainError ? [error.code, error.extra?.fault] : error;
  }
  return 'none';
}

describe('unpackReport', () => {
  it.each<[string, Uint8Array]>([
    ['plain', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['gzip with a line end behind it', Buffer.concat([gzipSync(TEXT), Buffer.from('\r\n')])],
    ['gzip of gzip', gzipSync(gzipSync(TEXT))],
    ['zip', zipOf([file()])],
    ['zip, stored', zipOf([file()], true)],
    ['zip with a folder', zipOf([{ name: 'reports/', text: '' }, file()])],
    ['zip with a shadow of macOS', zipOf([file(), { name: '__MACOSX/._a.xml', text: 'x' }])],
  ])('reads %s', (_, content) => {
    expect(Buffer.from(unpackReport(content)).toString()).toBe(TEXT);
  });

  it('reads a view into a larger buffer', () => {
    const zip = zipOf([file()]);
    const around = Buffer.concat([Buffer.alloc(7), zip, Buffer.alloc(3)]);
    expect(Buffer.from(unpackReport(around.subarray(7, 7 + zip.length))).toString()).toBe(TEXT);
  });

  it('reads 40 MB', () => {
    const large = Buffer.concat([randomBytes(MEGABYTE), Buffer.alloc(39 * MEGABYTE, 'a')]);
    expect(unpackReport(gzipSync(large)).byteLength).toBe(large.length);
  });

  const tooLarge = ['too_large', 'too_large'];
  const damaged = ['malformed', 'damaged'];
  const unsupported = ['unsupported_media_type', 'unsupported'];
  it.each<[string, Uint8Array, unknown]>([
    ['11 MB', Buffer.alloc(11 * MEGABYTE), tooLarge],
    ['a bomb', gzipSync(Buffer.alloc(49 * MEGABYTE)), tooLarge],
    [
      'more than 50 MB',
      gzipSync(Buffer.concat([randomBytes(MEGABYTE), Buffer.alloc(50 * MEGABYTE)])),
      tooLarge,
    ],
    ['a zip bomb', zipOf([file('a'.repeat(49 * MEGABYTE))]), tooLarge],
    ['a zip that lies about its size', zipOf([{ ...file('a'.repeat(5_000)), size: 10 }]), tooLarge],
    ['a zip with another checksum', zipOf([{ ...file(), checksum: 1 }]), damaged],
    ['a zip that is longer than it has', zipOf([{ ...file(), size: 100 }]), damaged],
    ['a gzip cut off', gzipSync(TEXT).subarray(0, 20), damaged],
    ['a gzip of nothing but its first octets', Uint8Array.of(0x1f, 0x8b), damaged],
    ['a zip cut off', zipOf([file()]).subarray(0, 60), damaged],
    ['a zip of four octets', Uint8Array.of(0x50, 0x4b, 3, 4), damaged],
    ['a directory that points outside', withDirectoryAt(0x7fffffff), damaged],
    ['a directory that points elsewhere', withDirectoryAt(1), damaged],
    ['two files', zipOf([file(), file()]), unsupported],
    ['an encrypted zip', zipOf([{ ...file(), flags: 1 }]), unsupported],
    ['packed thrice', gzipSync(gzipSync(gzipSync(TEXT))), unsupported],
    ['an empty zip', zipOf([]), ['malformed', 'not_a_report']],
    ['a zip in which DEFLATE is broken', broken(), damaged],
  ])('refuses %s', (_, content, fault) => expect(faultOf(content)).toEqual(fault));
});

function withDirectoryAt(at: number): Buffer {
  const zip = zipOf([file()]);
  zip.writeUInt32LE(at, zip.length - 6);
  return zip;
}

function broken(): Buffer {
  const zip = zipOf([file()]);
  const data = deflateRawSync(Buffer.from(TEXT));
  zip.fill(0xff, zip.indexOf(data), zip.indexOf(data) + data.length);
  return zip;
}
