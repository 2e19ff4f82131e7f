import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ImapFlow } from 'imapflow';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { sqlState } from '#database/errors.js';
import { IngestService, type IncomingMail } from '../acting/ingest.service.js';
import { endedReading } from '../reading/return-reader.js';
import { mailboxOf, type MailboxAddress } from './imap-options.js';
import { findFolder, folderFor } from './mailbox-folders.js';
import { moveMails } from './move-mails.js';
import { Suspects } from './suspects.js';
import { UnreadMails } from './unread-mails.js';
import { WayInRepository } from './way-in.repository.js';

/** Fetched at once: each may have 20 MB. */
const BATCH = 5;
const MAX_BYTES = 20 * 1024 * 1024;
/** Looked at again without being told: servers forget to tell, and what could not be taken is tried again. */
const LOOK_AGAIN_MS = 60_000;
/** After a connection failed: doubling. */
const REST_FIRST_MS = 1_000;
const REST_LONGEST_MS = 60_000;
/** Of the folder for mails that can not be read, after the name of the one for those that were. */
const UNREAD = '-unread';
/** How long the last batch may take at the end. */
const CLOSE_MS = 10_000;

/**
 * Reads the mailbox that bounces come to (IMAP with IDLE, RFC 2177). A mail is moved to a folder of its own once what follows from it is
 * committed; if this process dies in between it is read again, which changes nothing. So none is lost and none counts twice, not
 * with several workers either. One that ends the process which reads it, try after try, is moved to another folder, noted as `other`,
 * and an alarm; those beside it are taken all the while.
 */
@Injectable()
export class MailboxReader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private client: ImapFlow | undefined;
  private news = new News();
  private readonly suspects = new Suspects();

  constructor(
    private readonly ingesting: IngestService,
    private readonly unread: UnreadMails,
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

  /** One connection, until it breaks or the process ends. */
  private async readOver({ connection, folder, done }: MailboxAddress, onWell: () => void): Promise<void> {
    const client = new ImapFlow(connection);
    this.client = client;
    const news = (this.news = new News());
    client.on('exists', () => news.tell());
    client.on('close', () => news.tell());
    client.on('error', () => news.tell()); // what is asked next fails, and says why
    try {
      await client.connect();
      const { path, uidValidity } = await client.mailboxOpen((await findFolder(client, folder)).path);
      this.suspects.opened(uidValidity);
      const target = await folderFor(client, done);
      if (target === path) throw new Error('the folder that mails are moved to must be another one');
      onWell();
      while (!this.stopping.signal.aborted) {
        await this.ways.note('imap', null, this.clock.now());
        news.read();
        await this.readAll(client, { target, unread: `${done}${UNREAD}` });
        if (!client.usable) throw new Error('the connection was closed');
        await news.wait(LOOK_AGAIN_MS, this.stopping.signal);
        if (!client.usable) throw new Error('the connection was closed');
      }
      await client.logout();
    } finally {
      client.close();
    }
  }

  /** Takes all there is, but what can not be taken now. What can not be moved keeps none from being taken. */
  private async readAll(client: ImapFlow, folders: Folders): Promise<void> {
    // Who marked a mail as deleted has dealt with it: we, where the server expunges none by its UID, or a person.
    const found = await client.search({ deleted: false }, { uid: true });
    if (!found) throw new Error('the server does not say what there is');
    this.suspects.keep(found);
    let unmoved: NotMoved | undefined;
    for (const uids of this.batches(found)) {
      if (this.stopping.signal.aborted) return;
      try {
        await this.take(client, uids, folders);
      } catch (error) {
        if (!client.usable || !(error instanceof NotMoved)) throw error;
        unmoved = error;
      }
    }
    if (unmoved) throw unmoved;
  }

  /** What could not be taken before comes last, each alone. */
  private batches(found: readonly number[]): number[][] {
    const fresh = found.filter((uid) => !this.suspects.has(uid));
    const batches: number[][] = [];
    for (let at = 0; at < fresh.length; at += BATCH) batches.push(fresh.slice(at, at + BATCH));
    return [...batches, ...found.filter((uid) => this.suspects.has(uid)).map((uid) => [uid])];
  }

  private async take(client: ImapFlow, uids: readonly number[], folders: Folders): Promise<void> {
    const mails: Fetched[] = [];
    const wanted = { uid: true, source: { maxLength: MAX_BYTES } };
    for await (const { uid, source } of client.fetch(uids.join(','), wanted, { uid: true })) {
      if (source) mails.push({ uid, mail: { raw: source, way: 'imap' } });
    }
    if (mails.length === 0) return;
    const made = await this.ingesting.ingestAll(mails.map(({ mail }) => mail));
    const taken = mails.filter((_, at) => made[at]?.status === 'fulfilled').map(({ uid }) => uid);
    if (taken.length > 0) {
      await this.move(client, taken, folders.target);
      await this.ways.noteMessage('imap', this.clock.now());
    }
    for (const [at, fetched] of mails.entries()) {
      const result = made[at];
      if (result?.status === 'rejected') await this.failed(client, fetched, folders, result.reason);
    }
  }

  private async failed(
    client: ImapFlow,
    { uid, mail }: Fetched,
    folders: Folders,
    reason: unknown,
  ): Promise<void> {
    this.log.error('a mail of the mailbox could not be taken now', reason);
    if (this.stopping.signal.aborted || !isItsOwnFault(reason) || !this.suspects.failed(uid)) return;
    const folder = await folderFor(client, folders.unread);
    await this.unread.note(mail, folder);
    await this.move(client, [uid], folder);
  }

  private async move(client: ImapFlow, uids: readonly number[], target: string): Promise<void> {
    try {
      await moveMails(client, uids, target);
    } catch (error) {
      throw new NotMoved((error as Error).message, { cause: error });
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

/** Where mails are moved to: a path, and a name. */
interface Folders {
  target: string;
  unread: string;
}

interface Fetched {
  uid: number;
  mail: IncomingMail;
}

class NotMoved extends Error {}

/** Whether another try would end alike: what reads it died of it, or the database can not hold it (SQLSTATE class 22). */
function isItsOwnFault(error: unknown): boolean {
  return endedReading(error) || (sqlState(error)?.startsWith('22') ?? false);
}

/** Told by the server that there is something to look at. */
class News {
  private isThere = false;
  private wake: (() => void) | undefined;

  tell(): void {
    this.isThere = true;
    this.wake?.();
  }

  /** What is told from now on is news. */
  read(): void {
    this.isThere = false;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.isThere || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.wake = end;
    });
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
