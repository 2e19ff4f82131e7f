import type { IncomingMessage } from 'node:http';

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/i;
const LOOPBACK_HOST = /^(([\w-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
/** A proxy on this machine says so by one of these, or by X-Forwarded-…; whom it speaks for may be anywhere. */
const FORWARDED = ['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'];

/** What tells where a request came from. */
export interface Origin {
  /** Of the socket itself, not what a proxy claims. */
  remoteAddress: string | undefined;
  headers: IncomingMessage['headers'];
  httpVersion: string;
}

/** Where a request came from, as the connection says it. */
export function originOf({ socket, headers, httpVersion }: IncomingMessage): Origin {
  return { remoteAddress: socket.remoteAddress, headers, httpVersion };
}

/**
 * Whether a request was made on this machine, by somebody who meant this machine. The address alone does not say so: a proxy
 * here hands on what comes from anywhere, and a page whose name was bound to 127.0.0.1 (DNS rebinding) sends its own name
 * as `Host`. HTTP/1.0 is refused because nginx, left as it is, asks in it, says its target's name in Host and names nobody.
 */
export function isFromThisMachine({ remoteAddress, headers, httpVersion }: Origin): boolean {
  return (
    LOOPBACK_ADDRESS.test(remoteAddress ?? '') &&
    LOOPBACK_HOST.test(headers.host ?? '') &&
    httpVersion !== '1.0' &&
    !Object.keys(headers).some((name) => name.startsWith('x-forwarded') || FORWARDED.includes(name))
  );
}
