import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ImapFlow } from 'imapflow';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { WayInRepository } from '../way-in.repository.js';
import { mailboxOf, type MailboxAddress } from './imap-options.js';
import { findFolder, folderFor } from './mailbox-folders.js';
import { MailboxMails } from './mailbox-mails.js';
import { News } from './news.js';

/** Looked at again without being told: servers forget to tell, and what could not be taken is tried again. */
const LOOK_AGAIN_MS = 60_000;
/** After a connection failed, or mails could not be moved: doubling. */
const REST_FIRST_MS = 1_000;
const REST_LONGEST_MS = 60_000;
/** Of the folder for mails that can not be read, after the name of the one for those that were. */
const UNREAD = '-unread';
/** How long the last batch may take at the end. */
const CLOSE_MS = 10_000;

/**
 * Reads the mailbox that bounces come to (IMAP with IDLE, RFC 2177). A mail is moved to a folder of its own once what follows from it is
 * committed; if this process dies in between it is read again, which changes nothing. So none is lost and none counts twice, not
 * with several workers either. One that was taken and can not be moved is not read again, only moved when that can be done; till then it
 * does not stand well with this way in. One that ends the process which reads it, try after try, is moved to another folder, noted as `other`,
 * and an alarm; those beside it are taken all the while.
 */
@Injectable()
export class MailboxReader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private client: ImapFlow | undefined;
  private news = new News();

  constructor(
    private readonly mails: MailboxMails,
    private readonly ways: WayInRepository,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const { imapUrl } = this.config.feedback;
    if (imapUrl !== null) this.running = this.keepReading(mailboxOf(imapUrl));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const late = wait(CLOSE_MS, undefined, { ref: false }).then(() => this.client?.close());
    await Promise.race([this.running, late]);
  }

  /** Looks at the mailbox now, and does not wait to be told. */
  look(): void {
    this.news.tell();
  }

  /** Never rejects: whatever breaks, it begins anew after a rest. */
  private async keepReading(mailbox: MailboxAddress): Promise<void> {
    let restMs = REST_FIRST_MS;
    while (!this.stopping.signal.aborted) {
      try {
        await this.readOver(mailbox, () => (restMs = REST_FIRST_MS));
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        await this.noteProblem(mailbox, error);
        await this.rest(restMs);
        restMs = Math.min(restMs * 2, REST_LONGEST_MS);
      }
    }
  }

  /** One connection, until it breaks or the process ends. @param onWell all there was has been dealt with, and moved */
  private async readOver({ connection, folder, done }: MailboxAddress, onWell: () => void): Promise<void> {
    const client = new ImapFlow(connection);
    this.client = client;
    const news = (this.news = new News());
    client.on('exists', () => news.tell());
    client.on('close', () => news.tell());
    client.on('error', () => news.tell()); // what is asked next fails, and says why
    try {
      await client.connect();
      const { path, uidValidity, readOnly } = await client.mailboxOpen(
        (await findFolder(client, folder)).path,
      );
      if (readOnly) throw new Error('no mail may be moved out of this folder, which may only be read');
      this.mails.opened(uidValidity);
      const target = await folderFor(client, done);
      if (target === path) throw new Error('the folder that mails are moved to must be another one');
      while (!this.stopping.signal.aborted) {
        news.read();
        await this.mails.takeAll(client, { target, unread: `${done}${UNREAD}` }, this.stopping.signal);
        if (!client.usable) throw new Error('the connection was closed');
        onWell();
        await this.ways.note('imap', null, this.clock.now());
        await news.wait(LOOK_AGAIN_MS, this.stopping.signal);
        if (!client.usable) throw new Error('the connection was closed');
      }
      await client.logout();
    } finally {
      client.close();
    }
  }

  private async noteProblem({ connection }: MailboxAddress, error: unknown): Promise<void> {
    const problem = wordsOf(error, connection.host);
    this.log.warn('the mailbox of returned mail can not be read', { host: connection.host, problem });
    try {
      await this.ways.note('imap', problem, this.clock.now());
    } catch (failure) {
      this.log.error('how it stands with the mailbox could not be noted', failure);
    }
  }

  private async rest(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

/** In words for an operator; what a server says of a sign-in has no password in it. */
function wordsOf(error: unknown, host: string): string {
  const { message, code, authenticationFailed, responseText } = error as Error & {
    code?: string;
    authenticationFailed?: boolean;
    responseText?: string;
  };
  if (authenticationFailed) return `${host} refuses the user name or the password.`;
  if (code === 'ECONNREFUSED') return `Nobody listens at ${host}.`;
  if (code === 'ENOTFOUND') return `There is no host ${host}.`;
  return `${host}: ${responseText ?? message}`.slice(0, 500);
}
