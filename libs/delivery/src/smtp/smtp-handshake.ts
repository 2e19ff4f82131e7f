import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { HandshakeError, toHandshakeError } from './handshake-error.js';
import { isLoopback, type SmtpOptions } from './smtp-options.js';
import { signIn } from './smtp-sign-in.js';
import { RFC_TIMEOUTS, type SmtpTimeouts } from './smtp-timeouts.js';

export { HandshakeError } from './handshake-error.js';

/** A socket on which the server has greeted us, TLS is up, and we are signed in. */
export interface ReadySocket {
  socket: Socket;
  /** Extensions of EHLO that concern sending. */
  pipelining: boolean;
  smtpUtf8: boolean;
  eightBitMime: boolean;
  /** Largest message in bytes the server takes; 0: it does not say. */
  maxSize: number;
  timeouts: SmtpTimeouts;
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

/**
 * Connects, secures and signs in with nodemailer (every mechanism and quirk of the field is in there), then takes the
 * socket over, so that the hot path can be ours.
 * @param signal aborted: gives up
 * @throws HandshakeError
 */
export async function openSocket(options: SmtpOptions, signal: AbortSignal): Promise<ReadySocket> {
  const timeouts = { ...RFC_TIMEOUTS, ...options.timeouts };
  const connection = new SMTPConnection({
    host: options.host,
    port: options.port,
    secure: options.secure,
    requireTLS: !options.secure && options.startTls === 'required',
    opportunisticTLS: options.startTls === 'opportunistic',
    ignoreTLS: options.startTls === 'off',
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    tls: { rejectUnauthorized: options.verifyCertificate },
    ...(options.clientName ? { name: options.clientName } : {}),
  });
  try {
    await handshake(connection, options, signal);
    return takeOver(connection, timeouts);
  } catch (error) {
    connection.close();
    throw error instanceof HandshakeError ? error : toHandshakeError(error, options);
  }
}

/** nodemailer says some failures to the callback of the step, others only as an event: whichever comes first counts. */
async function handshake(
  connection: SMTPConnection,
  options: SmtpOptions,
  signal: AbortSignal,
): Promise<void> {
  let giveUp = (): void => undefined;
  const broken = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new Error('shutting down'));
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    connection.on('error', reject); // stays, so that a later one throws nothing
    connection.once('end', () => reject(new Error('the server closed the connection')));
  });
  broken.catch(() => undefined); // it may come when all is done, and then it is the session's to say
  try {
    await Promise.race([broken, connect(connection)]);
    if (!options.auth) return;
    refuseToShout(connection, options);
    await Promise.race([broken, signIn(connection, options.auth)]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function connect(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connect((error?: Error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * A name and password go over an encrypted connection, to this very machine, or where STARTTLS was turned off by name.
 * `opportunistic` does not say that they may be read on the way.
 */
function refuseToShout(connection: SMTPConnection, { host, startTls }: SmtpOptions): void {
  const { encrypted } = (connection as unknown as Insides)._socket as Partial<TLSSocket>;
  if (encrypted === true || startTls === 'off' || isLoopback(host)) return;
  const message = 'the mail server does not offer STARTTLS, and the password is not sent without';
  throw new HandshakeError(message, null, true);
}

function takeOver(connection: SMTPConnection, timeouts: SmtpTimeouts): ReadySocket {
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
    timeouts,
  };
}
