import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { clientKey } from '#kernel/input/client-key.js';

/** How much of the server one may use. */
export interface ServerLimits {
  /** Connections at once. */
  clients: number;
  /** Of them by one client: an IPv4 address, or a /64 of IPv6. */
  ofOneClient: number;
  /** Milliseconds of one connection. What is being received then is received to its end. */
  sessionMs: number;
  /** Milliseconds in which a mail, or once the recipient of one, is to come; looked at as often. */
  withoutMailMs: number;
  /** Milliseconds of one mail, from DATA to its final dot. */
  dataMs: number;
  /** Commands of one connection without a mail: a hundred recipients need as many. */
  commands: number;
  /** Of them such as bring no mail nearer. Postfix asks with RSET whether a connection lives, before each mail. */
  idleCommands: number;
}

/** Commands that bring a mail nearer, or end the dialogue. */
const USEFUL = new Set(['EHLO', 'HELO', 'LHLO', 'STARTTLS', 'MAIL', 'RCPT', 'DATA', 'QUIT']);
/** Octets of a command. RFC 5321 §4.5.3.1.4 has 512, and its extensions make that some 1,500. */
const LONGEST_COMMAND = 2_048;
/** How long who is refused may take to read why. */
const REFUSED_MS = 1_000;

/** An SMTP server that ends whoever takes too many connections, too long, or only talks. What all hold together has no share by client. */
export class GuardedServer extends SMTPServer {
  private readonly ofClient = new Map<string, number>();

  constructor(
    options: SMTPServerOptions,
    readonly limits: ServerLimits,
  ) {
    super({ ...options, maxCommandLength: LONGEST_COMMAND });
  }

  /** Called for each socket, before anything is said. */
  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const client = clientKey(socket.remoteAddress);
    const open = this.ofClient.get(client) ?? 0;
    const isFull = this.connections.size >= this.limits.clients;
    if (isFull || open >= this.limits.ofOneClient) {
      refuse(socket, isFull ? 'too many connections' : 'too many connections from your address');
      return;
    }
    this.ofClient.set(client, open + 1);
    const connection = new GuardedConnection(this, socket, options, () => this.leave(client));
    this.connections.add(connection);
    connection.on('error', (error: Error) => this.emit('error', error));
    connection.init();
  }

  private leave(client: string): void {
    const open = (this.ofClient.get(client) ?? 1) - 1;
    if (open === 0) this.ofClient.delete(client);
    else this.ofClient.set(client, open);
  }
}

function refuse(socket: Socket, why: string): void {
  socket.on('error', () => undefined); // it is gone already
  socket.end(`421 4.7.0 ${why}, try again later\r\n`);
  socket.resume();
  setTimeout(() => socket.destroy(), REFUSED_MS).unref();
}

class GuardedConnection extends SMTPConnection {
  private readonly endsAt: number;
  private timer: NodeJS.Timeout;
  private waiting: NodeJS.Timeout;
  private commands = 0;
  private idleCommands = 0;
  private isOver = false;
  /** How many mails it has had, by the last command. */
  private mails = 0;
  /** The same, and whether it was at a recipient, by the last look at whether a mail comes. */
  private seen = { mails: 0, isAtRecipient: false };

  constructor(
    private readonly guard: GuardedServer,
    socket: Socket | TLSSocket,
    options: SMTPConnectionOptions | null | undefined,
    private readonly left: () => void,
  ) {
    super(guard, socket, options);
    const { sessionMs, withoutMailMs } = guard.limits;
    this.endsAt = performance.now() + sessionMs;
    this.timer = setTimeout(() => this.end(), sessionMs).unref();
    this.waiting = setInterval(() => this.lookForMail(), withoutMailMs).unref();
  }

  /** STARTTLS takes the listeners of the socket away; this is told of the end with and without. */
  override _onClose(): void {
    clearTimeout(this.timer);
    clearInterval(this.waiting);
    if (!this.isOver) this.left();
    this.isOver = true;
    super._onClose();
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    if (this._transactionCounter !== this.mails) {
      this.mails = this._transactionCounter;
      this.commands = this.idleCommands = 0;
    }
    this.commands += 1;
    if (!USEFUL.has(verbOf(command))) this.idleCommands += 1;
    const { commands, idleCommands } = this.guard.limits;
    if (this.commands > commands) this.send(421, '4.7.0 too many commands without a mail');
    else if (this.idleCommands > idleCommands) this.send(421, '4.7.0 too many commands that bring no mail');
    else if (performance.now() >= this.endsAt) this.end();
    else super._onCommand(command, callback);
  }

  /** Who waits for our answer hears it first: else what was taken would come again. */
  private end(): void {
    if (this.isAtWork()) {
      this.timer = setTimeout(() => this.end(), this.guard.limits.dataMs).unref();
    } else this.send(421, '4.4.2 this connection has lasted long enough, open another one');
  }

  /** Ends who has been no step nearer to a mail since the last look. */
  private lookForMail(): void {
    const before = this.seen;
    const isAtRecipient = this.session.envelope.rcptTo.length > 0;
    this.seen = { mails: this._transactionCounter, isAtRecipient };
    if (this.isAtWork() || before.mails !== this._transactionCounter) return;
    if (isAtRecipient && !before.isAtRecipient) return;
    this.send(421, '4.4.2 no mail came, open another connection when there is one');
  }

  private isAtWork(): boolean {
    return Boolean(this._dataStream) || this._handlerPending;
  }
}

function verbOf(command: Buffer): string {
  return (/^[a-z]+/i.exec(command.toString('latin1'))?.[0] ?? '').toUpperCase();
}
