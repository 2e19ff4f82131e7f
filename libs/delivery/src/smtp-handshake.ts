import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { SmtpAuth, SmtpOptions } from './smtp-options.js';

/** RFC 5321 §4.5.3.2.1: 5 minutes for the greeting; an unreachable host is known much sooner. */
const CONNECT_TIMEOUT_MS = 30_000;
const GREETING_TIMEOUT_MS = 300_000;

/** A socket on which the server has greeted us, TLS is up, and we are signed in. */
export interface ReadySocket {
  socket: Socket;
  /** Extensions of EHLO that concern sending. */
  pipelining: boolean;
  smtpUtf8: boolean;
  eightBitMime: boolean;
  /** Largest message in bytes the server takes; 0: it does not say. */
  maxSize: number;
}

/** The connection could not be made ready. */
export class HandshakeError extends Error {
  constructor(
    message: string,
    /** The server's reply code, if it was the server that said no. */
    readonly code: number | null,
    /** The refusal was of us as a client (AUTH, 5xx greeting, no TLS), so that trying again soon is of no use. */
    readonly refused: boolean,
    options?: { cause: unknown },
  ) {
    super(message, options);
    this.name = 'HandshakeError';
  }
}

interface NodemailerError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
}

/** What nodemailer's connection keeps to itself and a sender of our own needs. Checked when used; the version is pinned. */
interface Insides {
  _socket: Socket;
  _supportedExtensions: string[];
  _maxAllowedSize: number;
  _onSocketData: (chunk: Buffer) => void;
  _onSocketError: (error: Error) => void;
  _onSocketClose: () => void;
  _onSocketEnd: () => void;
  _onSocketTimeout: () => void;
  _clearPhase?: () => void;
}

function toHandshakeError(error: NodemailerError): HandshakeError {
  const code = error.responseCode ?? null;
  const refused = error.code === 'EAUTH' || error.code === 'ETLS' || (code !== null && code >= 500);
  return new HandshakeError(error.response ?? error.message, code, refused, { cause: error });
}

/**
 * Connects, secures and signs in with nodemailer (every mechanism and quirk of the field is in there), then takes the
 * socket over, so that the hot path can be ours.
 * @param signal aborted: gives up
 * @throws HandshakeError
 */
export async function openSocket(options: SmtpOptions, signal: AbortSignal): Promise<ReadySocket> {
  const connection = new SMTPConnection({
    host: options.host,
    port: options.port,
    secure: options.secure,
    requireTLS: !options.secure && options.startTls === 'required',
    opportunisticTLS: options.startTls === 'opportunistic',
    ignoreTLS: options.startTls === 'off',
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    tls: { rejectUnauthorized: options.verifyCertificate },
    ...(options.clientName ? { name: options.clientName } : {}),
  });
  try {
    await handshake(connection, options, signal);
    return takeOver(connection);
  } catch (error) {
    connection.close();
    throw error instanceof HandshakeError ? error : toHandshakeError(error as NodemailerError);
  }
}

/** nodemailer says some failures to the callback of the step, others only as an event: whichever comes first counts. */
async function handshake(
  connection: SMTPConnection,
  { auth }: SmtpOptions,
  signal: AbortSignal,
): Promise<void> {
  let giveUp = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      giveUp = () => reject(new Error('shutting down'));
      const give = (error?: unknown) => {
        if (error instanceof Error) reject(error);
        else resolve();
      };
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      connection.on('error', reject); // stays, so that a later one throws nothing
      connection.once('end', () => reject(new Error('the server closed the connection')));
      connection.connect((error?: unknown) => {
        if (error || !auth) give(error);
        else connection.login(credentialsOf(auth), give);
      });
    });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function credentialsOf(auth: SmtpAuth): Parameters<SMTPConnection['login']>[0] {
  if (auth.method === 'password') return { user: auth.user, pass: auth.password };
  const { method: _, ...oauth2 } = auth;
  return { method: 'XOAUTH2', user: auth.user, oauth2: new XOAuth2(oauth2) };
}

function takeOver(connection: SMTPConnection): ReadySocket {
  const inside = connection as unknown as Insides;
  const socket = inside._socket;
  if (!socket || !Array.isArray(inside._supportedExtensions)) {
    throw new HandshakeError('this version of nodemailer does not let its socket be taken over', null, true);
  }
  inside._clearPhase?.();
  socket.removeListener('data', inside._onSocketData);
  socket.removeListener('error', inside._onSocketError);
  socket.removeListener('close', inside._onSocketClose);
  socket.removeListener('end', inside._onSocketEnd);
  socket.removeListener('timeout', inside._onSocketTimeout);
  socket.setTimeout(0);
  socket.setNoDelay(true);
  const has = (name: string) => inside._supportedExtensions.includes(name);
  return {
    socket,
    pipelining: has('PIPELINING'),
    smtpUtf8: has('SMTPUTF8'),
    eightBitMime: has('8BITMIME'),
    maxSize: inside._maxAllowedSize || 0,
  };
}
