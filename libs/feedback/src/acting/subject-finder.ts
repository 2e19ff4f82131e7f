import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { ReturnPaths, type Returned } from '#delivery/messages/return-paths.js';
import { ReturnedDeliveries, type EditionEnd } from '#delivery/returns/returned-deliveries.repository.js';
import { messageOf } from '#kernel/message-id.js';
import type { ReturnedOriginal, ReturnKind } from '../reading/returned-mail.js';
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

type Found = Pick<Subject, 'subscriberId' | 'editionId' | 'isCertain'>;

/** What may name a message of ours, in something that came back. */
export interface Names {
  kind: ReturnKind;
  returnPaths: readonly string[];
  messageIds: readonly string[];
  original: Pick<ReturnedOriginal, 'messageId' | 'cfblFeedbackId'> | null;
  /** The envelope's recipients, where it came by SMTP. */
  deliveredTo?: readonly string[] | undefined;
}

/** Looked at; whoever writes more into a mail has something else in mind. */
const MOST_PATHS = 50;
const MOST_MESSAGE_IDS = 20;
/** Of an edition's id, by which it is found among those of a reader. */
const TAIL_DIGITS = 12;

/** By which of our addresses what came back may be proved: each is good for what it was made for, and nothing else. */
const PROVED_BY: Partial<Record<ReturnKind, readonly Returned['use'][]>> = {
  complaint: ['return', 'complaint'],
  unsubscribe: ['return', 'leave'],
};
const BY_RETURN_PATH: readonly Returned['use'][] = ['return'];

/** What is named, in the order in which it is believed. */
type Named =
  | { by: 'token'; of: Returned }
  | { by: 'message'; of: NonNullable<ReturnType<typeof messageOf>>; isCertain: boolean };

/** What the ledger knows of all that is named. */
interface Ledger {
  editions: ReadonlyMap<string, readonly string[]>;
  readersOfMails: ReadonlyMap<string, string>;
}

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

  /** Of many things that came back, with three statements. @returns for each; null: nothing of ours is named */
  async findAll(db: Executor, all: readonly Names[]): Promise<(Subject | null)[]> {
    const named = all.map((one) => this.namedBy(one));
    const ledger = await this.ledgerOf(db, named.flat());
    const found = named.map((names) => this.firstFound(names, ledger));
    const readers = new Set(found.flatMap((one) => (one ? [one.subscriberId] : [])));
    const emails = await this.readers.emailsOf(db, [...readers]);
    return found.map((one) => one && { ...one, email: emails.get(one.subscriberId) ?? null });
  }

  /** Whether a mail was sent to an address by which a reader leaves. Whose it is shows when it is found. */
  isToLeave(names: Pick<Names, 'deliveredTo' | 'returnPaths'>): boolean {
    return this.tokensOf(names).some(({ use }) => use === 'leave');
  }

  private tokensOf({
    deliveredTo = [],
    returnPaths,
  }: Pick<Names, 'deliveredTo' | 'returnPaths'>): Returned[] {
    const addresses = [...deliveredTo, ...returnPaths].slice(0, MOST_PATHS);
    return addresses.map((address) => this.paths.read(address)).filter((token) => token !== null);
  }

  private namedBy(names: Names): Named[] {
    const { kind, messageIds, original } = names;
    const uses = PROVED_BY[kind] ?? BY_RETURN_PATH;
    const feedbackId = this.paths.readFeedbackId(original?.cfblFeedbackId ?? '');
    const paths = [...this.tokensOf(names), ...(feedbackId ? [feedbackId] : [])]
      .filter(({ use }) => uses.includes(use))
      .map((of) => ({ by: 'token' as const, of }));
    const messages = messageIds.slice(0, MOST_MESSAGE_IDS).flatMap((id) => {
      const of = messageOf(id);
      return of ? [{ by: 'message' as const, of, isCertain: id === original?.messageId }] : [];
    });
    return [...paths, ...messages];
  }

  private async ledgerOf(db: Executor, named: readonly Named[]): Promise<Ledger> {
    const ends: EditionEnd[] = [];
    const mails = new Set<string>();
    for (const { of } of named) {
      if ('mailId' in of) mails.add(of.mailId);
      else ends.push({ subscriberId: of.subscriberId, tail: 'tail' in of ? of.tail : endOf(of.editionId) });
    }
    return {
      editions: await this.deliveries.editionsEndingSo(db, ends),
      readersOfMails: await this.deliveries.readersOfMails(db, [...mails]),
    };
  }

  private firstFound(names: readonly Named[], ledger: Ledger): Found | null {
    for (const name of names) {
      const found = this.foundBy(name, ledger);
      if (found) return { ...found, isCertain: name.by === 'token' || name.isCertain };
    }
    return null;
  }

  private foundBy(name: Named, { editions, readersOfMails }: Ledger): Omit<Found, 'isCertain'> | null {
    if ('mailId' in name.of) {
      const subscriberId = readersOfMails.get(name.of.mailId);
      return subscriberId === undefined ? null : { subscriberId, editionId: null };
    }
    const { of } = name;
    const isIt = (id: string) => ('tail' in of ? this.paths.proves(of, id) : id === of.editionId);
    const editionId = editions.get(of.subscriberId)?.find(isIt);
    return editionId === undefined ? null : { subscriberId: of.subscriberId, editionId };
  }
}

function endOf(editionId: string): string {
  return editionId.slice(-TAIL_DIGITS);
}
