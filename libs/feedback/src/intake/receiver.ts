import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { ReturnPaths } from '#delivery/messages/return-paths.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { clientKey } from '#kernel/input/client-key.js';
import { Log } from '#kernel/observing/logger.js';
import { GuardedServer, type ServerLimits } from './guarded-server.js';
import { IngestQueue } from './ingest-queue.js';
import { Receiving, Refusal, type Room } from './receiving.js';
import { WayInRepository } from './way-in.repository.js';

/** A bounce may carry the whole mail that was sent. */
const MAX_BYTES = 20 * 1024 * 1024;
/** RFC 5321 §4.5.3.2.7. */
const IDLE_MS = 5 * 60_000;
/** Messages a minute from one client: an edition to a million comes back within hours, from many. */
const PER_MINUTE = 6_000;
/** Addresses that are told apart; each is a token of ours or a fault. */
const MAX_RECIPIENTS = 100;
/** Of all that is being received at once; one client has room for a mail of the largest kind and some. */
const ROOM: Room = { most: 128 * 1024 * 1024, ofOneClient: 32 * 1024 * 1024 };
/** How long what is being received may take at the end. */
const CLOSE_MS = 5_000;
/** A large provider opens some ten connections, Postfix twenty to one destination. */
const LIMITS: ServerLimits = {
  clients: 100,
  ofOneClient: 30,
  sessionMs: 30 * 60_000,
  withoutMailMs: 5 * 60_000, // RFC 5321 §4.5.3.2: so long a client may wait for any one of our answers
  dataMs: 10 * 60_000, // 20 MB at 35 KB a second
  commands: 250,
  idleCommands: 20,
};
/** What a server offers who never sends such a thing to another, and jokes. */
const NOT_SPOKEN = ['AUTH', 'WIZ', 'SHELL', 'KILL'];

/**
 * Takes mail for the bounce and the complaint address, by SMTP (RFC 5321) or LMTP (RFC 2033), and for nobody else. It says 250 when
 * what follows from a mail is committed, and not before: a server that did not hear it sends the mail again, which changes nothing.
 */
@Injectable()
export class Receiver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly limits = { ...LIMITS };
  private server: GuardedServer | undefined;
  private readonly receiving = new Receiving(ROOM);
  /** RCPTs that were accepted in the mail that a session is at: LMTP answers each. */
  private readonly accepted = new WeakMap<SMTPServerSession, number>();
  private readonly pace = new RateLimiterMemory({ points: PER_MINUTE, duration: 60 });

  constructor(
    private readonly queue: IngestQueue,
    private readonly paths: ReturnPaths,
    private readonly ways: WayInRepository,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** @throws Error when the port can not be had */
  async onApplicationBootstrap(): Promise<void> {
    const { smtpPort, smtpHost } = this.config.feedback;
    if (smtpPort === null) return;
    const server = this.made();
    const failed = new Promise<never>((_, reject) => server.once('error', reject));
    server.listen(smtpPort, smtpHost);
    try {
      await Promise.race([once(server.server, 'listening'), failed]);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      throw new Error(
        `FEEDBACK_SMTP_PORT: port ${smtpPort} of ${smtpHost} can not be listened on (${reason}).`,
        {
          cause: error,
        },
      );
    }
    failed.catch(() => undefined);
    server.on('error', (error: Error) =>
      this.log.debug('a client of the receiver', { reason: error.message }),
    );
    this.server = server;
    await this.ways.note('smtp', null, this.clock.now());
    this.log.info('receiver ready', { port: (server.server.address() as AddressInfo).port });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    await new Promise<void>((resolve) => server.close(resolve));
  }

  private made(): GuardedServer {
    const { protocol, certificate } = this.config.feedback;
    const options: SMTPServerOptions = {
      lmtp: protocol === 'lmtp',
      banner: 'returned mail only',
      size: MAX_BYTES,
      socketTimeout: IDLE_MS,
      closeTimeout: CLOSE_MS,
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: true, // it would put its own before ours
      authOptional: true,
      disabledCommands: certificate ? NOT_SPOKEN : [...NOT_SPOKEN, 'STARTTLS'],
      ...(certificate ?? {}),
      onMailFrom: (_address, { remoteAddress }, done) => {
        this.paced(remoteAddress).then(() => done(), done);
      },
      onRcptTo: ({ address }, session, done) => {
        const refusal = this.refusal(address, session);
        if (!refusal) this.accepted.set(session, this.acceptedIn(session) + 1);
        done(refusal);
      },
      onData: (stream, session, done) => {
        this.answered(stream, session).then((its) => {
          if (protocol === 'lmtp') done(null, Array<typeof its>(this.acceptedIn(session)).fill(its));
          else if (its instanceof Refusal) done(its);
          else done(null, its);
        }, done);
      },
    };
    return new GuardedServer(options, this.limits);
  }

  private async answered(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
  ): Promise<string | Refusal> {
    try {
      const incoming = { stream, client: clientOf(session.remoteAddress), limitMs: this.limits.dataMs };
      await this.receiving.receive(incoming, (raw) => this.take(raw, session));
      return '2.0.0 taken';
    } catch (error) {
      return this.told(error);
    }
  }

  /** A recipient that is named twice is one of the envelope, and two answers (RFC 2033 §4.2). */
  private acceptedIn(session: SMTPServerSession): number {
    return session.envelope.rcptTo.length === 0 ? 0 : (this.accepted.get(session) ?? 0);
  }

  /** @returns why it is not taken; nothing: it is */
  private refusal(address: string, { envelope }: SMTPServerSession): Refusal | undefined {
    if (envelope.rcptTo.length >= MAX_RECIPIENTS) return new Refusal(452, '4.5.3 too many recipients');
    if (this.paths.isOurs(address) || this.isComplaintAddress(address)) return undefined;
    return new Refusal(550, '5.7.1 only returned mail of this newsletter is taken here');
  }

  private async paced(address: string): Promise<void> {
    const client = clientOf(address);
    if (client === null) return;
    await this.pace.consume(client).catch(() => {
      throw new Refusal(450, '4.7.1 too many messages a minute');
    });
  }

  private isComplaintAddress(address: string): boolean {
    return address.toLowerCase() === this.config.feedback.complaintAddress?.toLowerCase();
  }

  private async take(raw: Buffer, { envelope }: SMTPServerSession): Promise<void> {
    const deliveredTo = envelope.rcptTo.map(({ address }) => address);
    const hasNullSender = envelope.mailFrom !== false && envelope.mailFrom.address === '';
    await this.queue.take({ raw, way: 'smtp', deliveredTo, hasNullSender });
    // It is taken, whatever becomes of the note.
    await this.ways
      .noteMessage('smtp', this.clock.now())
      .catch((error: unknown) => this.log.warn('when the last mail came could not be noted', { error }));
  }

  /** A server that is told 451 comes again. */
  private told(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (isBrokenOff(error)) return new Refusal(451, '4.4.2 the connection was lost');
    this.log.error('a mail that came back could not be taken now', error);
    return new Refusal(451, '4.3.0 not taken now, please try again');
  }
}

/** By the client, in the middle of a mail. */
function isBrokenOff(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNECTION' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Whose limits count. @returns null: nobody's: the mail server of this machine hands on what comes from everywhere */
function clientOf(address: string): string | null {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address) ? null : clientKey(address);
}
