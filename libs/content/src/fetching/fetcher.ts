import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { AddressGuard } from './address-guard.js';
import { FetchError } from './fetch-error.js';
import { guardedLookup, refused, systemResolve, type Resolve } from './guarded-lookup.js';
import { ACCEPTED_ENCODINGS, readBody } from './read-body.js';
import { explained, request, tooLate, type RequestLimits } from './request.js';
import { hostOf, isAddress, webUrl } from './web-url.js';

export interface FetchLimits extends RequestLimits {
  /** Milliseconds for everything, redirects and body. */
  totalMs: number;
  /** Of a body, before and after decompression. */
  bytes: number;
}

/** A site that needs longer is down for its own readers too; ten megabytes are a feed of a thousand long stories. */
export const FETCH_LIMITS: FetchLimits = {
  connectMs: 10_000,
  headersMs: 15_000,
  totalMs: 30_000,
  bytes: 10_000_000,
};
/** Enough for http → https → www → new place, and once more. */
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);

export interface FetchOptions {
  headers?: OutgoingHttpHeaders;
  /** Aborted when the answer is no longer wanted. */
  signal?: AbortSignal;
}

/** An answer that is no redirect. */
export interface Fetched {
  status: number;
  /** Where it came from at last. */
  url: string;
  /** Where to ask next time: the URL asked for, moved by the permanent redirects at the beginning. */
  permanentUrl: string;
  headers: IncomingHttpHeaders;
  /** Empty unless the status is 2xx. */
  body: Buffer;
}

/**
 * The one way to fetch what somebody else named. It connects to public addresses only (and those allowed), also after
 * a redirect and whatever DNS says the second time; and it stops at its limits of size and time.
 */
export class Fetcher {
  private readonly guard: AddressGuard;
  private readonly lookup;

  /** @param allowed what may be fetched from though it is not public: see {@link AddressGuard} */
  constructor(
    allowed: readonly string[],
    private readonly userAgent = 'Broadsheet',
    private readonly limits: FetchLimits = FETCH_LIMITS,
    resolve: Resolve = systemResolve,
  ) {
    this.guard = new AddressGuard(allowed);
    this.lookup = guardedLookup(this.guard, resolve);
  }

  /**
   * @returns the answer, whatever its status
   * @throws FetchError when there is none, or none that is let in; the signal's reason when that is aborted
   */
  async get(text: string, { headers = {}, signal }: FetchOptions = {}): Promise<Fetched> {
    const first = webUrl(text);
    const { totalMs } = this.limits;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(tooLate(first.host, totalMs, 'did not finish')), totalMs);
    const all = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    try {
      return await this.follow(first, { 'user-agent': this.userAgent, ...headers }, all);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async follow(first: URL, headers: OutgoingHttpHeaders, signal: AbortSignal): Promise<Fetched> {
    let url = first;
    let permanent = first;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const host = hostOf(url);
      // A socket looks up names only; an address it takes as it is.
      if (isAddress(host) && !this.guard.mayConnect(host, host)) throw refused(host);
      const response = await request(url, {
        headers: { ...headers, 'accept-encoding': ACCEPTED_ENCODINGS },
        lookup: this.lookup,
        limits: this.limits,
        signal,
      });
      const status = response.statusCode ?? 0;
      if (!REDIRECTS.has(status)) {
        const ok = status >= 200 && status < 300;
        if (!ok) response.destroy();
        const read = ok ? readBody(response, this.limits.bytes) : Promise.resolve(Buffer.alloc(0));
        const body = await read.catch((error: unknown) => {
          throw explained(error, url, signal);
        });
        // A body without a length ends with its connection: the one broken off here looks like a whole one.
        if (signal.aborted) throw explained(signal.reason, url, signal);
        return { status, url: url.href, permanentUrl: permanent.href, headers: response.headers, body };
      }
      response.destroy();
      const next = target(url, response.headers.location);
      if (PERMANENT.has(status) && permanent === url) permanent = next;
      url = next;
    }
    throw new FetchError('redirect', `${first.host} redirects more than ${MAX_REDIRECTS} times.`);
  }
}

function target(from: URL, location: string | undefined): URL {
  if (!location) throw new FetchError('redirect', `${from.host} redirects, but does not say where.`);
  const to = webUrl(location, from);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new FetchError(
      'redirect',
      `${from.host} redirects from https to http, where anyone could change it.`,
    );
  }
  return to;
}
