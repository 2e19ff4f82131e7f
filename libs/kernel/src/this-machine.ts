import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/i;
const LOOPBACK_HOST = /^(([\w-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
/** A proxy on this machine says so by one of these; whom it speaks for may be anywhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** What tells where a request came from. */
export interface Origin {
  /** Of the socket itself, not what a proxy claims. */
  remoteAddress: string | undefined;
  headers: IncomingHttpHeaders;
}

/**
 * Whether a request was made on this machine, by somebody who meant this machine. The address alone does not say so: a proxy
 * here hands on what comes from anywhere, and a page whose name was bound to 127.0.0.1 (DNS rebinding) sends its own name
 * as `Host`.
 */
export function isFromThisMachine({ remoteAddress, headers }: Origin): boolean {
  return (
    LOOPBACK_ADDRESS.test(remoteAddress ?? '') &&
    LOOPBACK_HOST.test(headers.host ?? '') &&
    FORWARDED.every((name) => headers[name] === undefined)
  );
}
