import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { ReturnPaths } from '#delivery/messages/return-paths.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { IngestQueue } from './ingest-queue.js';
import { WayInRepository } from './way-in.repository.js';

/** A bounce may carry the whole mail that was sent. */
const MAX_BYTES = 20 * 1024 * 1024;
/** At once. A large provider opens some ten. */
const MAX_CLIENTS = 100;
/** RFC 5321 §4.5.3.2.7. */
const IDLE_MS = 5 * 60_000;
/** Messages a minute from one client: an edition to a million comes back within hours, from many. */
const PER_MINUTE = 6_000;
/** Addresses that are told apart; each is a token of ours or a fault. */
const MAX_RECIPIENTS = 100;
/** Of all that is being received at once. */
const MAX_HELD_BYTES = 128 * 1024 * 1024;
/** How long what is being received may take at the end. */
const CLOSE_MS = 5_000;

/** A reply other than 250. */
class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Takes mail for the bounce and the complaint address, by SMTP (RFC 5321) or LMTP (RFC 2033), and for nobody else. It says 250 when
 * what follows from a mail is committed, and not before: a server that did not hear it sends the mail again, which changes nothing.
 */
@Injectable()
export class Receiver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: SMTPServer | undefined;
  /** Bytes that are being received. */
  private held = 0;
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

  private made(): SMTPServer {
    const { protocol, certificate } = this.config.feedback;
    return new SMTPServer({
      lmtp: protocol === 'lmtp',
      banner: 'returned mail only',
      size: MAX_BYTES,
      maxClients: MAX_CLIENTS,
      socketTimeout: IDLE_MS,
      closeTimeout: CLOSE_MS,
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      authOptional: true,
      disabledCommands: certificate ? ['AUTH'] : ['AUTH', 'STARTTLS'],
      ...(certificate ?? {}),
      onMailFrom: (_address, { remoteAddress }, done) => {
        this.paced(remoteAddress).then(() => done(), done);
      },
      onRcptTo: ({ address }, session, done) => {
        done(this.refusal(address, session));
      },
      onData: (stream, session, done) => {
        this.receive(stream, session).then(
          () => done(null, '2.0.0 taken'),
          (error: unknown) => done(this.told(error)),
        );
      },
    });
  }

  /** @returns why it is not taken; nothing: it is */
  private refusal(address: string, { envelope }: SMTPServerSession): Refusal | undefined {
    if (envelope.rcptTo.length >= MAX_RECIPIENTS) return new Refusal(452, '4.5.3 too many recipients');
    if (this.paths.isOurs(address) || this.isComplaintAddress(address)) return undefined;
    return new Refusal(550, '5.7.1 only returned mail of this newsletter is taken here');
  }

  /** The mail server of this machine hands on what comes from everywhere. */
  private async paced(client: string): Promise<void> {
    if (isLoopback(client)) return;
    await this.pace.consume(client).catch(() => {
      throw new Refusal(450, '4.7.1 too many messages a minute');
    });
  }

  private isComplaintAddress(address: string): boolean {
    return address.toLowerCase() === this.config.feedback.complaintAddress?.toLowerCase();
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    // Read to its end in any case: the dialogue goes on after it.
    let bytes = 0;
    let isTooMuch = false;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.held += chunk.length;
        isTooMuch ||= this.held > MAX_HELD_BYTES;
        if (stream.sizeExceeded || isTooMuch) chunks.length = 0;
        else chunks.push(chunk);
      }
      if (stream.sizeExceeded) throw new Refusal(552, '5.3.4 larger than 20 MB');
      if (isTooMuch) throw new Refusal(452, '4.3.1 too much is being received');
      await this.take(chunks, session);
    } finally {
      this.held -= bytes;
    }
  }

  private async take(chunks: readonly Buffer[], session: SMTPServerSession): Promise<void> {
    const deliveredTo = session.envelope.rcptTo.map(({ address }) => address);
    const hasNullSender = session.envelope.mailFrom !== false && session.envelope.mailFrom.address === '';
    await this.queue.take({ raw: Buffer.concat(chunks), way: 'smtp', deliveredTo, hasNullSender });
    await this.ways.noteMessage('smtp', this.clock.now());
  }

  /** A server that is told 451 comes again. */
  private told(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    this.log.error('a mail that came back could not be taken now', error);
    return new Refusal(451, '4.3.0 not taken now, please try again');
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
