import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { FetchError } from './fetch-error.js';

export interface RequestLimits {
  /** Milliseconds for name, connection and TLS. */
  connectMs: number;
  /** Milliseconds until the head of the answer is there. */
  headersMs: number;
}

export interface RequestOptions {
  headers: OutgoingHttpHeaders;
  lookup: LookupFunction;
  limits: RequestLimits;
  /** Aborted with a FetchError when the whole takes too long. */
  signal: AbortSignal;
}

/**
 * One GET, without redirects, on a connection of its own.
 * @returns the answer, its body unread
 * @throws FetchError `timeout`, `unreachable`, `address_refused`, `bad_answer`
 */
export function request(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const { limits, signal, headers, lookup } = options;
  return new Promise((done, fail) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // agent false: a connection made for one host is never used for another.
    const sent = send(url, { headers, lookup, agent: false, signal });
    const late = (milliseconds: number, what: string) =>
      setTimeout(() => sent.destroy(tooLate(url.host, milliseconds, what)), milliseconds);
    const connecting = late(limits.connectMs, 'could not be connected to');
    const waiting = late(limits.headersMs, 'did not answer');
    sent.on('socket', (socket) =>
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting)),
    );
    sent.once('response', (response) => {
      clearTimeout(connecting);
      clearTimeout(waiting);
      done(response);
    });
    const failed = (error: unknown) => {
      clearTimeout(connecting);
      clearTimeout(waiting);
      fail(explained(error, url, signal));
    };
    sent.on('error', failed);
    // Without a listener for upgrades a 101 ends in this alone.
    sent.once('close', () => failed(otherProtocol(url)));
    sent.end();
  });
}

export function tooLate(host: string, milliseconds: number, what: string): FetchError {
  return new FetchError('timeout', `${host} ${what} within ${milliseconds / 1000} seconds.`);
}

function otherProtocol(url: URL): FetchError {
  return new FetchError('bad_answer', `${url.host} answered in another protocol than HTTP.`);
}

const REASONS: Record<string, string> = {
  ENOTFOUND: 'has no address: check its spelling',
  EAI_AGAIN: 'could not be looked up in DNS',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  EHOSTUNREACH: 'can not be reached',
  ENETUNREACH: 'can not be reached',
  ETIMEDOUT: 'did not answer',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
};

/** What went wrong on the way, in words. */
export function explained(error: unknown, url: URL, signal?: AbortSignal): FetchError {
  if (signal?.aborted && signal.reason instanceof FetchError) return signal.reason;
  if (error instanceof FetchError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const known = REASONS[code];
  if (known) return new FetchError('unreachable', `${url.host} ${known}.`, { cause: error });
  if (code.startsWith('HPE_')) {
    return new FetchError('bad_answer', `${url.host} answered something that is not HTTP (${code}).`, {
      cause: error,
    });
  }
  const reason = /CERT|SIGNED|TLS|SSL|ISSUER/.test(code) ? 'has a certificate that is not valid' : 'failed';
  return new FetchError('unreachable', `${url.host} ${reason}${code ? ` (${code})` : ''}.`, { cause: error });
}
