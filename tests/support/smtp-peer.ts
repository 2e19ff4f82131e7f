import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { SmtpPeerSession } from './smtp-peer-session.js';

/** A message the peer said 2xx to. */
export interface AcceptedMessage {
  /** The envelope sender; empty for a bounce. */
  from: string;
  /** The accepted envelope recipients, in order. */
  to: string[];
  /** Headers and body as sent, without dot-stuffing and without the final dot. Empty when `keepRaw` is off. */
  raw: Buffer;
  at: Date;
  /** Number of the connection it came over, from 1. */
  connection: number;
}

/** A moment at which a script may answer otherwise. CONTENT: the first bytes after DATA; DOT: after the final dot. */
export type SmtpCommand =
  | 'CONNECT'
  | 'EHLO'
  | 'HELO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'CONTENT'
  | 'DOT'
  | 'RSET'
  | 'NOOP'
  | 'QUIT';

export interface SmtpStep {
  command: SmtpCommand;
  /** What follows the command word, as sent. */
  argument: string;
  /** The envelope so far. */
  from: string;
  /** The recipient of this RCPT; otherwise the first accepted one. */
  to: string;
  /** Number of the connection, from 1. */
  connection: number;
  /** How often this command has come for this recipient (RCPT) or at all (others), from 1: the number of the attempt. */
  count: number;
}

/**
 * A reply line (`'450 4.2.0 later'`; a 421 also closes), or: `stall` (say nothing, ever), `drop` (break the
 * connection; at DOT the message is not accepted), `accept-and-drop` (at DOT: keep the message, then break before the
 * reply: what the client must call uncertain). `reset` and `accept-and-reset` break it with an RST rather than a FIN.
 */
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- names the special answers
export type SmtpAnswer = 'stall' | 'drop' | 'accept-and-drop' | 'reset' | 'accept-and-reset' | string;

/** Undefined: the ordinary answer. A promise holds the reply back until it resolves. */
export type SmtpScript = (step: SmtpStep) => SmtpAnswer | undefined | Promise<SmtpAnswer | undefined>;

export interface SmtpPeerOptions {
  script?: SmtpScript;
  /** Asks for AUTH PLAIN or LOGIN before MAIL. */
  auth?: { user: string; password: string };
  /** Asks for AUTH XOAUTH2 before MAIL. */
  isGoodToken?: (user: string, token: string) => boolean;
  /** Refuses a token as Google does, with a challenge (334) before the 535; off: at once, as Microsoft does. */
  asksForReason?: boolean;
  /** The mechanisms it offers; otherwise all that it can judge. */
  mechanisms?: string[];
  /** Offers STARTTLS, or with `implicit` speaks TLS from the first byte. PEM. */
  tls?: { key: string; cert: string; implicit?: boolean };
  /** Lines of the EHLO answer. */
  extensions?: string[];
  /** A given port, to come back on the same one. */
  port?: number;
  /** Off: for load, where hundreds of thousands of messages would fill the memory. */
  keepRaw?: boolean;
}

const EXTENSIONS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 52428800'];

/** An SMTP server whose every answer a test can write. It judges what it is sent: see {@link violations}. */
export class SmtpPeer {
  /** Every message it said 2xx to, or kept in an `accept-and-drop`, in order. */
  readonly accepted: AcceptedMessage[] = [];
  /** Every step of every connection, in order. */
  readonly steps: SmtpStep[] = [];
  /** Offences against RFC 5321 and RFC 6531 by the client, in words. A test of a good client wants none. */
  readonly violations: string[] = [];
  /** May be replaced at any time. */
  script: SmtpScript | undefined;
  /** How a reply is put on the wire. May be replaced by something slower. */
  write = (socket: Socket, reply: string): void => void socket.write(reply);
  readonly auth: SmtpPeerOptions['auth'];
  readonly isGoodToken: SmtpPeerOptions['isGoodToken'];
  readonly asksForReason: boolean;
  readonly mechanisms: readonly string[];
  readonly tls: SmtpPeerOptions['tls'];
  readonly extensions: string[];
  readonly keepRaw: boolean;
  connections = 0;
  /** The most connections that were open at once. */
  mostOpen = 0;
  private readonly open = new Set<Socket>();
  private readonly counts = new Map<string, number>();
  private waiting: { done: () => boolean; resolve: () => void }[] = [];
  private readonly server: Server;

  private constructor(options: SmtpPeerOptions) {
    this.script = options.script;
    this.auth = options.auth;
    this.isGoodToken = options.isGoodToken;
    this.asksForReason = options.asksForReason ?? false;
    this.tls = options.tls;
    const judged = [...(options.auth ? ['PLAIN', 'LOGIN'] : []), ...(options.isGoodToken ? ['XOAUTH2'] : [])];
    this.mechanisms = options.mechanisms ?? judged;
    const auth = this.mechanisms.length > 0 ? [`AUTH ${this.mechanisms.join(' ')}`] : [];
    this.extensions = [...(options.extensions ?? EXTENSIONS), ...auth];
    const connect = (socket: Socket) => this.connect(socket);
    this.server = options.tls?.implicit ? createTlsServer(options.tls, connect) : createServer(connect);
    this.keepRaw = options.keepRaw ?? true;
  }

  static async start(options: SmtpPeerOptions = {}): Promise<SmtpPeer> {
    const peer = new SmtpPeer(options);
    peer.server.listen(options.port ?? 0, '127.0.0.1');
    await once(peer.server, 'listening');
    return peer;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** As in SMTP_URL, with the name and password it asks for. */
  get url(): string {
    const who = this.auth
      ? `${encodeURIComponent(this.auth.user)}:${encodeURIComponent(this.auth.password)}@`
      : '';
    return `smtp://${who}127.0.0.1:${this.port}`;
  }

  get openConnections(): number {
    return this.open.size;
  }

  /** Of the connections that are open. */
  get bytesRead(): number {
    return [...this.open].reduce((sum, socket) => sum + socket.bytesRead, 0);
  }

  /** Resolves with all accepted messages once there are at least so many. */
  async received(count: number): Promise<AcceptedMessage[]> {
    await this.until(() => this.accepted.length >= count);
    return this.accepted;
  }

  /** Resolves once a command has come so many times, whatever it was answered. */
  async reached(command: SmtpCommand, count = 1): Promise<SmtpStep> {
    const of = () => this.steps.filter((step) => step.command === command);
    await this.until(() => of().length >= count);
    return of()[count - 1] as SmtpStep;
  }

  /** How often each recipient was accepted: what invariant I2 counts. */
  acceptedPerRecipient(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { to } of this.accepted) for (const one of to) counts.set(one, (counts.get(one) ?? 0) + 1);
    return counts;
  }

  /** Breaks every open connection; goes on listening. */
  dropConnections(): void {
    for (const socket of this.open) socket.destroy();
  }

  /** Breaks every connection and stops listening. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.dropConnections();
    await once(this.server, 'close');
  }

  /** For the session: records a step and asks the script. */
  async step(what: Omit<SmtpStep, 'count'>): Promise<SmtpAnswer | undefined> {
    const key = what.command === 'RCPT' ? `RCPT ${what.to}` : what.command;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    const step = { ...what, count };
    this.steps.push(step);
    this.wake();
    return this.script?.(step);
  }

  /** For the session. */
  accept(message: AcceptedMessage): void {
    this.accepted.push(message);
    this.wake();
  }

  private until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ done, resolve }));
  }

  private wake(): void {
    const ready = this.waiting.filter(({ done }) => done());
    if (ready.length === 0) return;
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }

  private connect(socket: Socket): void {
    this.connections += 1;
    this.open.add(socket);
    this.mostOpen = Math.max(this.mostOpen, this.open.size);
    socket.setNoDelay(true);
    socket.once('close', () => this.open.delete(socket));
    new SmtpPeerSession(this, socket, this.connections).run().catch(() => socket.destroy());
  }
}

/** Starts a scripted SMTP server on a free port of 127.0.0.1. */
export function startSmtpPeer(options: SmtpPeerOptions = {}): Promise<SmtpPeer> {
  return SmtpPeer.start(options);
}
