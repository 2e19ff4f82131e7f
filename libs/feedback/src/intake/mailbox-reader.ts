import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ImapFlow } from 'imapflow';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { IngestService } from '../acting/ingest.service.js';
import { mailboxOf, type MailboxAddress } from './imap-options.js';
import { WayInRepository } from './way-in.repository.js';

/** Fetched at once: each may have 20 MB. */
const BATCH = 5;
const MAX_BYTES = 20 * 1024 * 1024;
/** Looked at again without being told: servers forget to tell, and what could not be taken is tried again. */
const LOOK_AGAIN_MS = 60_000;
/** After a connection failed: doubling. */
const REST_FIRST_MS = 1_000;
const REST_LONGEST_MS = 60_000;
/** How long the last batch may take at the end. */
const CLOSE_MS = 10_000;

/**
 * Reads the mailbox that bounces come to (IMAP with IDLE, RFC 2177). A mail is moved to a folder of its own once what follows from it is
 * committed; if this process dies in between it is read again, which changes nothing. So none is lost and none counts twice, not
 * with several workers either.
 */
@Injectable()
export class MailboxReader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private client: ImapFlow | undefined;

  constructor(
    private readonly ingesting: IngestService,
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
    const news = new News();
    client.on('exists', () => news.tell());
    client.on('close', () => news.tell());
    client.on('error', () => news.tell()); // what is asked next fails, and says why
    try {
      await client.connect();
      await client.mailboxOpen(folder);
      const target = await folderFor(client, done);
      if (target === folder) throw new Error('the folder that mails are moved to must be another one');
      onWell();
      while (!this.stopping.signal.aborted) {
        await this.ways.note('imap', null, this.clock.now());
        news.read();
        await this.readAll(client, target);
        if (!client.usable) throw new Error('the connection was closed');
        await news.wait(LOOK_AGAIN_MS, this.stopping.signal);
        if (!client.usable) throw new Error('the connection was closed');
      }
      await client.logout();
    } finally {
      client.close();
    }
  }

  /** Takes all there is, but what can not be taken now. */
  private async readAll(client: ImapFlow, target: string): Promise<void> {
    const found = await client.search({ all: true }, { uid: true });
    if (!found) throw new Error('the server does not say what there is');
    for (let uids = found; uids.length > 0 && !this.stopping.signal.aborted; uids = uids.slice(BATCH)) {
      await this.take(client, uids.slice(0, BATCH), target);
    }
  }

  private async take(client: ImapFlow, uids: readonly number[], target: string): Promise<void> {
    const mails: { uid: number; raw: Buffer }[] = [];
    const wanted = { uid: true, source: { maxLength: MAX_BYTES } };
    for await (const { uid, source } of client.fetch(uids.join(','), wanted, { uid: true })) {
      if (source) mails.push({ uid, raw: source });
    }
    if (mails.length === 0) return;
    const made = await this.ingesting.ingestAll(mails.map(({ raw }) => ({ raw, way: 'imap' })));
    const taken = mails.filter((_, at) => made[at]?.status === 'fulfilled').map(({ uid }) => uid);
    for (const result of made) {
      if (result.status === 'rejected')
        this.log.error('a mail of the mailbox could not be taken now', result.reason);
    }
    if (taken.length === 0) return;
    const moved = await client.messageMove(taken.join(','), target, { uid: true });
    if (!moved) throw new Error(`the server does not let mails be moved to ${target}`);
    await this.ways.noteMessage('imap', this.clock.now());
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

/** The path of a folder, made if it is not there. */
async function folderFor(client: ImapFlow, name: string): Promise<string> {
  const folders = await client.list();
  const known = folders.find(({ path }) => path === name);
  if (known) return known.path;
  const { path } = await client.mailboxCreate(name);
  return path;
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
