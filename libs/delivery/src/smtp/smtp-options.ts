import { isIP } from 'node:net';
import type { SmtpTimeouts } from './smtp-timeouts.js';

/** How to sign in. An `xoauth2` token is given, or fetched from `accessUrl` with the refresh token (RFC 6749 §6). */
export type SmtpAuth =
  | { method: 'password'; user: string; password: string }
  | {
      method: 'xoauth2';
      user: string;
      clientId: string;
      clientSecret: string;
      refreshToken: string;
      accessUrl: string;
    }
  | { method: 'xoauth2'; user: string; accessToken: string };

export interface SmtpOptions {
  host: string;
  port: number;
  /** TLS from the first byte (smtps). */
  secure: boolean;
  /** `required`: refuse to speak without TLS. `off` must be asked for by name. */
  startTls: 'required' | 'opportunistic' | 'off';
  /** Whether the server's certificate must be valid. Only a loopback server, or `tls=unverified`, is excused. */
  verifyCertificate: boolean;
  auth: SmtpAuth | null;
  /** The name given in EHLO. */
  clientName: string | null;
  /** Other than RFC 5321 has them: for tests, which cannot wait ten minutes. */
  timeouts?: Partial<SmtpTimeouts>;
}

/** Whether a host is this very machine, so that nothing can be read on the way. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Reads `smtp://user:password@host:port?starttls=off&tls=unverified&name=mail.example.org`.
 *
 * STARTTLS is required, except by a server on this very machine, where it is used when offered; `starttls=off` or
 * `starttls=opportunistic` say otherwise by name.
 * @throws Error naming SMTP_URL and what is wrong with it, never the password
 */
export function parseSmtpUrl(text: string): SmtpOptions {
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!host)
    throw new Error(
      'SMTP_URL: the host is missing. Example: SMTP_URL=smtps://user:password@smtp.example.org:465',
    );
  const startTls = url.searchParams.get('starttls') ?? (isLoopback(host) ? 'opportunistic' : 'required');
  if (startTls !== 'required' && startTls !== 'opportunistic' && startTls !== 'off') {
    throw new Error('SMTP_URL: starttls must be required, opportunistic or off. Example: ?starttls=off');
  }
  return {
    host,
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    startTls,
    verifyCertificate:
      url.searchParams.get('tls') !== 'unverified' && !(isLoopback(host) && startTls === 'opportunistic'),
    auth: url.username
      ? { method: 'password', user: decoded(url.username), password: decoded(url.password) }
      : null,
    clientName: url.searchParams.get('name'),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('SMTP_URL: the name or password has a % that begins no escape. Example: write % as %25');
  }
}
