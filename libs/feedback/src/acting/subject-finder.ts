import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { ReturnPaths, type Returned } from '#delivery/messages/return-paths.js';
import { ReturnedDeliveries } from '#delivery/returns/returned-deliveries.repository.js';
import { messageOf } from '#kernel/message-id.js';
import type { ReturnedMail, ReturnKind } from '../reading/returned-mail.js';
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

type Named = Pick<ReturnedMail, 'kind' | 'returnPaths' | 'messageIds' | 'original'>;

/** By which of our addresses what came back may be proved. An address is good for what it was made for, and nothing else. */
const PROVED_BY: Partial<Record<ReturnKind, readonly Returned['use'][]>> = {
  complaint: ['return', 'complaint'],
  unsubscribe: ['return', 'leave'],
};
const PROVED_BY_RETURN_PATH: readonly Returned['use'][] = ['return'];

type Found = Pick<Subject, 'subscriberId' | 'editionId'>;

/** Looked at; whoever writes more into a mail has something else in mind. */
const MOST_PATHS = 50;
const MOST_MESSAGE_IDS = 20;

/**
 * Finds the message of ours that something is about: by the token of an address of ours, else by our Message-ID. An address proves
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
  async find(db: Executor, mail: Named, deliveredTo: readonly string[] = []): Promise<Subject | null> {
    const { kind, messageIds, original } = mail;
    const uses = PROVED_BY[kind] ?? PROVED_BY_RETURN_PATH;
    const tokens = this.tokensOf(mail, deliveredTo);
    const id = original?.cfblFeedbackId ?? '';
    for (const token of [...tokens, this.paths.readFeedbackId(id)]) {
      const found = token && uses.includes(token.use) && (await this.ofToken(db, token));
      if (found) return this.named(db, found, true);
    }
    for (const id of messageIds.slice(0, MOST_MESSAGE_IDS)) {
      const found = await this.ofMessage(db, id);
      if (found) return this.named(db, found, id === original?.messageId);
    }
    return null;
  }

  /** Whether a mail was sent to an address by which a reader leaves. Whose it is shows when it is found. */
  isToLeave(mail: Pick<ReturnedMail, 'returnPaths'>, deliveredTo: readonly string[] = []): boolean {
    return this.tokensOf(mail, deliveredTo).some(({ use }) => use === 'leave');
  }

  private tokensOf(
    { returnPaths }: Pick<ReturnedMail, 'returnPaths'>,
    deliveredTo: readonly string[],
  ): Returned[] {
    const addresses = [...deliveredTo, ...returnPaths].slice(0, MOST_PATHS);
    return addresses.map((address) => this.paths.read(address)).filter((token) => token !== null);
  }

  private async ofToken(db: Executor, read: Returned): Promise<Found | null> {
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
