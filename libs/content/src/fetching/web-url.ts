import { isIP } from 'node:net';
import { readUrl } from '#kernel/input/read-url.js';
import { FetchError } from './fetch-error.js';

/** What a browser refuses to connect to, https://fetch.spec.whatwg.org/#port-blocking, and Redis: ports of other protocols. */
const BAD_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
const MAX_URL = 2_000;

/**
 * Reads a URL that is to be fetched. Decimal, octal and hexadecimal forms of addresses come out in the usual one.
 * @param base what it is relative to: where the redirect came from
 * @throws FetchError `invalid_url` saying what is wrong with it
 */
export function webUrl(text: string, base?: URL): URL {
  const url = readUrl(text, base);
  if (!url) throw invalid('This is not a URL.');
  if (url.href.length > MAX_URL) throw invalid(`A URL has at most ${MAX_URL} characters.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(`Only http and https are fetched, not ${url.protocol.slice(0, 20)}`);
  }
  if (url.username !== '' || url.password !== '') throw invalid('A URL must have no user name and password.');
  if (url.port !== '' && BAD_PORTS.has(Number(url.port))) {
    throw invalid(`Port ${url.port} belongs to another protocol than HTTP.`);
  }
  url.hash = '';
  return url;
}

/** @returns the host without the brackets of IPv6 */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** @returns whether the host is an address, so that nothing looks it up */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

function invalid(message: string): FetchError {
  return new FetchError('invalid_url', message);
}
