import { Injectable } from '@nestjs/common';
import type { ImapFlow } from 'imapflow';
import { sqlState } from '#database/errors.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { IngestService, type IncomingMail } from '../../acting/ingest.service.js';
import { endedReading } from '../../reading/return-reader.js';
import { WayInRepository } from '../way-in.repository.js';
import { folderFor } from './mailbox-folders.js';
import { moveMails } from './move-mails.js';
import { Suspects } from './suspects.js';
import { UidNotes } from './uid-notes.js';
import { UnreadMails } from './unread-mails.js';

/** Fetched at once: each may have 20 MB. */
const BATCH = 5;
const MAX_BYTES = 20 * 1024 * 1024;
/** Moved at once, of those that could not be moved before. */
const MOVES = 50;

/** Where mails are moved to. */
export interface Folders {
  /** The path of the folder for those that were taken. */
  target: string;
  /** The name of the one for those that can not be read; it is made when there is one. */
  unread: string;
}

interface Fetched {
  uid: number;
  mail: IncomingMail;
}

/** Takes the mails of a mailbox, and moves each when it is dealt with. Remembers, across connections, what it could not take or move. */
@Injectable()
export class MailboxMails {
  private readonly suspects = new Suspects();
  /** Dealt with, and to be moved still: to which folder. */
  private readonly unmoved = new UidNotes<string>();

  constructor(
    private readonly ingesting: IngestService,
    private readonly unread: UnreadMails,
    private readonly ways: WayInRepository,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The folder has been opened. @param uidValidity RFC 3501 §2.3.1.1 */
  opened(uidValidity: bigint): void {
    for (const notes of [this.suspects, this.unmoved]) notes.opened(uidValidity);
  }

  /**
   * Takes all there is in the open folder, but what can not be taken now. What can not be moved keeps none from being taken.
   * @throws Error the connection broke; or there are mails that were dealt with and can not be moved, in words for an operator
   */
  async takeAll(client: ImapFlow, folders: Folders, signal: AbortSignal): Promise<void> {
    // Who marked a mail as deleted has dealt with it: we, where the server expunges none by its UID, or a person.
    const found = await client.search({ deleted: false }, { uid: true });
    if (!found) throw new Error('the server does not say what there is');
    for (const notes of [this.suspects, this.unmoved]) notes.keep(found);
    for (const [folder, uids] of this.unmoved.byNote()) {
      for (const some of inBatches(uids, MOVES)) await this.move(client, some, folder);
    }
    for (const uids of this.batches(found)) {
      if (signal.aborted) return;
      await this.take(client, uids, folders, signal);
    }
    if (this.unmoved.size > 0) throw new Error(this.wordsOfUnmoved());
  }

  /** What could not be taken before comes last, each alone. */
  private batches(found: readonly number[]): number[][] {
    const unread = found.filter((uid) => !this.unmoved.has(uid));
    const fresh = unread.filter((uid) => !this.suspects.has(uid));
    const others = unread.filter((uid) => this.suspects.has(uid));
    return [...inBatches(fresh, BATCH), ...inBatches(others, 1)];
  }

  private async take(
    client: ImapFlow,
    uids: readonly number[],
    folders: Folders,
    signal: AbortSignal,
  ): Promise<void> {
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
      if (result?.status !== 'rejected') continue;
      this.log.error('a mail of the mailbox could not be taken now', result.reason);
      if (signal.aborted || !isItsOwnFault(result.reason) || !this.suspects.failed(fetched.uid)) continue;
      await this.putAside(client, fetched, folders.unread);
    }
  }

  private async putAside(client: ImapFlow, { uid, mail }: Fetched, name: string): Promise<void> {
    const folder = await folderFor(client, name);
    await this.unread.note(mail, folder);
    await this.move(client, [uid], folder);
  }

  /** Of mails that were dealt with; where they can not be moved, that is tried again with the next look. @throws Error the connection broke */
  private async move(client: ImapFlow, uids: readonly number[], folder: string): Promise<void> {
    this.unmoved.set(uids, folder);
    if (await moveMails(client, uids, folder)) this.unmoved.forget(uids);
    else if (!client.usable) throw new Error('the connection was closed');
  }

  private wordsOfUnmoved(): string {
    const folders = [...this.unmoved.byNote().keys()].join(', ');
    const mails = this.unmoved.size === 1 ? 'a mail was' : `${this.unmoved.size} mails were`;
    return `${mails} dealt with, but can not be moved to ${folders}: is it full, or may it only be read?`;
  }
}

function inBatches(uids: readonly number[], most: number): number[][] {
  const batches: number[][] = [];
  for (let at = 0; at < uids.length; at += most) batches.push(uids.slice(at, at + most));
  return batches;
}

/** Whether another try would end alike: what reads it died of it, or the database can not hold it (SQLSTATE class 22). */
function isItsOwnFault(error: unknown): boolean {
  return endedReading(error) || (sqlState(error)?.startsWith('22') ?? false);
}
