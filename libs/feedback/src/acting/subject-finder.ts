import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { ReturnPaths, type Returned } from '#delivery/messages/return-paths.js';
import { ReturnedDeliveries } from '#delivery/returns/returned-deliveries.repository.js';
import { messageOf } from '#kernel/message-id.js';
import type { ReturnedMail } from '../reading/returned-mail.js';
import { ReadersRepository } from './readers.repository.js';

/** Whom what came back is about, proved by something that only who has the mail can know. */
export interface Subject {
  subscriberId: string;
  editionId: string | null;
  /** The reader's address, lower case; null: they are gone. */
  email: string | null;
  /**
   * It is named as what came back. Else it is named as what was answered: an answer to an answer may have come back, of somebody
   * else.
   */
  isCertain: boolean;
}

type Found = Pick<Subject, 'subscriberId' | 'editionId'>;

/** Looked at; whoever writes more into a mail has something else in mind. */
const MOST_PATHS = 50;
const MOST_MESSAGE_IDS = 20;

/**
 * Finds the message of ours that something is about: by the token of its return path, else by our Message-ID. An address proves
 * nothing: anybody can write a mail that says it bounced.
 */
@Injectable()
export class SubjectFinder {
  constructor(
    private readonly paths: ReturnPaths,
    private readonly deliveries: ReturnedDeliveries,
    private readonly readers: ReadersRepository,
  ) {}

  /** @param deliveredTo the envelope's recipients, where the mail came by SMTP. @returns null: nothing of ours is named */
  async find(
    db: Executor,
    { returnPaths, messageIds, original }: Pick<ReturnedMail, 'returnPaths' | 'messageIds' | 'original'>,
    deliveredTo: readonly string[] = [],
  ): Promise<Subject | null> {
    for (const address of [...deliveredTo, ...returnPaths].slice(0, MOST_PATHS)) {
      const read = this.paths.read(address);
      const found = read && (await this.ofPath(db, read));
      if (found) return this.named(db, found, true);
    }
    for (const id of messageIds.slice(0, MOST_MESSAGE_IDS)) {
      const found = await this.ofMessage(db, id);
      if (found) return this.named(db, found, id === original?.messageId);
    }
    return null;
  }

  private async ofPath(db: Executor, read: Returned): Promise<Found | null> {
    if (read.of === 'mail') return this.ofMail(db, read.mailId);
    const editions = await this.deliveries.editionsOf(db, read.subscriberId);
    const editionId = editions.find((id) => this.paths.proves(read, id));
    return editionId ? { subscriberId: read.subscriberId, editionId } : null;
  }

  private async ofMessage(db: Executor, messageId: string): Promise<Found | null> {
    const named = messageOf(messageId);
    if (!named) return null;
    if ('mailId' in named) return this.ofMail(db, named.mailId);
    return (await this.deliveries.has(db, named)) ? named : null;
  }

  private async ofMail(db: Executor, mailId: string): Promise<Found | null> {
    const subscriberId = await this.deliveries.readerOfMail(db, mailId);
    return subscriberId ? { subscriberId, editionId: null } : null;
  }

  private async named(db: Executor, found: Found, isCertain: boolean): Promise<Subject> {
    return { ...found, isCertain, email: await this.readers.emailOf(db, found.subscriberId) };
  }
}
