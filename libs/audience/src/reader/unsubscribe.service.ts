import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import type { SubscriberStatus } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { Outbox } from '#queue/outbox/outbox.js';
import type { LinkContext } from './confirmation.service.js';
import type { ConsentRow } from '../consent/consent-hash.js';
import { ConsentLedger, type ConsentEntry } from '../consent/consent-ledger.js';
import { ConsentRepository } from '../consent/consent.repository.js';
import { countReturned } from '../numbers/count-in-editions.js';
import { countReaders } from '../numbers/count-readers.js';
import { endedPurposes, Measurement } from '../measurement/measurement.js';
import { recorded } from '../publication/fields.js';
import { ReaderRepository, type Subscriber } from '../subscribers/reader.repository.js';
import { SingleMailRepository } from '../subscribers/single-mail.repository.js';

/** How a reader left: by RFC 8058 one-click, on the unsubscribe page, on the preferences page, by a mail, through the provider that sends the mail, or an operator. */
export type LeaveMethod = 'one-click' | 'page' | 'preferences' | 'mail' | 'provider' | 'operator';

/** `unsubscribed`: by this call. `already`: before, or the subscriber is erased. Both are a success to the reader. */
export interface Unsubscription {
  state: 'unsubscribed' | 'already' | 'invalid';
  subscriber?: Subscriber;
}

/** Who has not left yet. */
export const CAN_LEAVE: readonly SubscriberStatus[] = ['pending', 'active', 'bounced'];
/** One-click sends no receipt, since the reader has just refused mail; on a page a receipt is expected. */
const SENDS_RECEIPT: readonly LeaveMethod[] = ['page', 'preferences'];

/** Ends subscriptions. An unsubscribe link works for ever, and as often as it is used. */
@Injectable()
export class UnsubscribeService {
  constructor(
    private readonly database: Database,
    private readonly signer: TokenSigner,
    private readonly readers: ReaderRepository,
    private readonly consents: ConsentRepository,
    private readonly ledger: ConsentLedger,
    private readonly measurement: Measurement,
    private readonly mails: SingleMailRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** What the page of a link shows. Changes nothing: link scanners fetch every URL. */
  async peek(token: string): Promise<{ state: 'ready' | 'already' | 'invalid'; subscriber?: Subscriber }> {
    const reading = this.signer.read('unsubscribe', token, this.clock.now());
    if (!reading.ok) return { state: 'invalid' };
    const subscriber = await this.readers.find(reading.claims.subscriberId);
    if (!subscriber) return { state: 'already' };
    return { state: CAN_LEAVE.includes(subscriber.status) ? 'ready' : 'already', subscriber };
  }

  /** Ends the subscription of whom the token was made for. */
  async unsubscribe(
    token: string,
    context: LinkContext & { method: 'one-click' | 'page' },
  ): Promise<Unsubscription> {
    const reading = this.signer.read('unsubscribe', token, this.clock.now());
    if (!reading.ok) return { state: 'invalid' };
    return this.leave(reading.claims.subscriberId, {
      ...context,
      editionId: reading.claims.editionId ?? null,
    });
  }

  /**
   * The same without a token, for a reader known in another way. One transaction: state, consent, event, receipt, and
   * everything not yet claimed by a worker is stopped.
   */
  async leave(
    subscriberId: string,
    how: LinkContext & { method: LeaveMethod; editionId?: string | null },
  ): Promise<Unsubscription> {
    const done = await this.database.transaction((tx) => this.leaveWithin(tx, subscriberId, how));
    if (!done) {
      const subscriber = await this.readers.find(subscriberId);
      return { state: 'already', ...(subscriber ? { subscriber } : {}) };
    }
    if (done.mailId) await this.outbox.announce(done.mailId);
    return { state: 'unsubscribed', subscriber: done.subscriber };
  }

  /**
   * {@link leave} in the caller's transaction; the caller announces the mail.
   * @returns undefined when there was nothing to end
   */
  async leaveWithin(
    tx: Executor,
    subscriberId: string,
    how: LinkContext & { method: LeaveMethod; editionId?: string | null },
  ): Promise<{ subscriber: Subscriber; mailId: string | undefined } | undefined> {
    const now = this.clock.now();
    const subscriber = await this.readers.leave(tx, subscriberId, CAN_LEAVE, now);
    // Also on a repeat: whatever got queued in between stops too.
    await this.mails.stop(tx, [subscriberId], now, ['unsubscribed']);
    if (!subscriber) return undefined;
    await this.writeWithdrawal(tx, subscriber, how, now);
    await this.measurement.end(tx, subscriber);
    await countReaders(tx, [{ id: subscriberId, counts: ['left'] }], now);
    if (how.editionId) await this.countLeft(tx, subscriberId, how.editionId, now);
    await this.readers.recordUnsubscribe(tx, subscriber, how.editionId ?? null, how.method, now);
    const mailId = SENDS_RECEIPT.includes(how.method)
      ? await this.outbox.write(tx, {
          publicationId: subscriber.publicationId,
          kind: 'unsubscribed',
          subscriberId,
        })
      : undefined;
    return { subscriber, mailId };
  }

  /**
   * Takes out many readers, as an operator does, in the caller's transaction and in a handful of statements.
   * @param subscriberIds locked by the caller
   * @returns those who had not left yet
   */
  async takeOut(tx: Executor, subscriberIds: string[]): Promise<Subscriber[]> {
    const now = this.clock.now();
    const how = { method: 'operator' as const, ip: null, userAgent: null };
    const gone = await this.readers.leaveThese(tx, subscriberIds, CAN_LEAVE, now);
    await this.mails.stop(tx, subscriberIds, now, ['unsubscribed']);
    if (gone.length === 0) return [];
    const given = await this.consents.latestGivenOf(
      tx,
      gone.map((reader) => reader.id),
    );
    await this.ledger.append(tx, ...gone.map((reader) => withdrawal(reader, given.get(reader.id), how, now)));
    for (const reader of gone) if (reader.measuredSince) await this.measurement.end(tx, reader);
    await this.readers.recordEvents(tx, gone, {
      type: 'unsubscribe',
      detail: { method: how.method },
      at: now,
    });
    await countReaders(
      tx,
      gone.map(({ id }) => ({ id, counts: ['left'] as const })),
      now,
    );
    return gone;
  }

  /** A reader counts once for each edition: who came back and leaves by the same mail again is not one more. Before the event is written. */
  private async countLeft(tx: Executor, subscriberId: string, editionId: string, now: Date): Promise<void> {
    if (await this.readers.hasDone(tx, subscriberId, 'unsubscribe', editionId)) return;
    await countReturned(tx, { editionId, subscriberIds: [subscriberId], what: 'unsubscribed', now });
  }

  private async writeWithdrawal(
    tx: Executor,
    subscriber: Subscriber,
    how: LinkContext & { method: LeaveMethod },
    now: Date,
  ): Promise<void> {
    const given = await this.consents.latestGiven(tx, subscriber.id);
    await this.ledger.append(tx, withdrawal(subscriber, given, how, now));
  }
}

function withdrawal(
  subscriber: Subscriber,
  given: ConsentRow | undefined,
  how: LinkContext & { method: LeaveMethod },
  now: Date,
): ConsentEntry {
  return {
    publicationId: subscriber.publicationId,
    subscriberId: subscriber.id,
    kind: 'withdrawn',
    method: how.method,
    purposes: endedPurposes(given, subscriber),
    locale: subscriber.locale,
    addressHmac: subscriber.addressHmac,
    submittedAt: now,
    evidence: {
      address: subscriber.email,
      ip: recorded(how.ip, 64),
      userAgent: recorded(how.userAgent),
    },
  };
}
