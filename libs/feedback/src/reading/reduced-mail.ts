import { MAX_MAIL_BYTES } from './mime/limits.js';

/** A mail of at most so much goes whole: 99 of 100 reports have less than a tenth of it. */
const WHOLE_BYTES = 1_048_576;
/** Of a larger one: what the server says and the header of our message come first, the rest is our own pictures; reports of some gateways come last. */
const HEAD_BYTES = 786_432;
const TAIL_BYTES = 65_536;
/** Where an attached report is told of, its whole is needed. */
const REPORT =
  /application\/(?:x-)?(?:gzip|zip|tlsrpt)|(?:application|text)\/xml|\.(?:xml|json)(?:\.gz)?["\s]|report domain:/i;
const LOOKED_AT = 65_536;

/** What of a mail is worth being handed on to be read: all of it, or its beginning and its end; never more than 20 MB. */
export function reducedMail(raw: Uint8Array): Uint8Array {
  if (raw.length <= WHOLE_BYTES) return raw;
  const beginning = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, LOOKED_AT)).toString(
    'latin1',
  );
  if (REPORT.test(beginning)) return raw.subarray(0, MAX_MAIL_BYTES);
  return Buffer.concat([raw.subarray(0, HEAD_BYTES), Buffer.from('\n'), raw.subarray(-TAIL_BYTES)]);
}
