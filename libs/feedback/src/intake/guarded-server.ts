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
  /** Milliseconds of one mail, from DATA to its final dot. */
  dataMs: number;
  /** Commands of one connection without a mail: a hundred recipients need as many. */
  commands: number;
}

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
  private commands = 0;
  private isOver = false;
  /** How many mails it has had. */
  private mails = 0;

  constructor(
    private readonly guard: GuardedServer,
    socket: Socket | TLSSocket,
    options: SMTPConnectionOptions | null | undefined,
    private readonly left: () => void,
  ) {
    super(guard, socket, options);
    const { sessionMs } = guard.limits;
    this.endsAt = performance.now() + sessionMs;
    this.timer = setTimeout(() => this.end(), sessionMs).unref();
  }

  /** STARTTLS takes the listeners of the socket away; this is told of the end with and without. */
  override _onClose(): void {
    clearTimeout(this.timer);
    if (!this.isOver) this.left();
    this.isOver = true;
    super._onClose();
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    if (this._transactionCounter !== this.mails) {
      this.mails = this._transactionCounter;
      this.commands = 0;
    }
    this.commands += 1;
    if (this.commands > this.guard.limits.commands) this.send(421, '4.7.0 too many commands without a mail');
    else if (performance.now() >= this.endsAt) this.end();
    else super._onCommand(command, callback);
  }

  /** Who waits for our answer hears it first: else what was taken would come again. */
  private end(): void {
    if (this._dataStream || this._handlerPending) {
      this.timer = setTimeout(() => this.end(), this.guard.limits.dataMs).unref();
    } else this.send(421, '4.4.2 this connection has lasted long enough, open another one');
  }
}
