import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { ConsentRepository } from '../consent/consent.repository.js';
import { countReaders } from '../numbers/count-readers.js';
import { recorded } from '../publication/fields.js';
import { Measurement } from '../measurement/measurement.js';
import { withMeasurement } from '../measurement/purposes.js';
import { LinkMails } from './link-mails.js';
import { ReaderRepository, type Subscriber } from '../subscribers/reader.repository.js';
import { SIGN_UP_MAILS } from './sign-up.repository.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';

/** Who followed a link, as evidence. */
export interface LinkContext {
  ip: string | null;
  userAgent: string | null;
}

export interface ConfirmationPeek {
  state: 'ready' | 'already' | 'expired' | 'invalid';
  subscriber?: Subscriber;
  /** With the confirmation they also agree to be measured. */
  measured?: boolean;
}

export interface Confirmation {
  state: 'confirmed' | 'already' | 'expired' | 'invalid';
  subscriber?: Subscriber;
}

/** The second half of double opt-in: the link in the confirmation mail. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly database: Database,
    private readonly signer: TokenSigner,
    private readonly readers: ReaderRepository,
    private readonly consents: ConsentRepository,
    private readonly ledger: ConsentLedger,
    private readonly measurement: Measurement,
    private readonly linkMails: LinkMails,
    private readonly subscriptions: SubscriptionRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** What the page of a link shows. Changes nothing: link scanners fetch every URL. */
  async peek(token: string): Promise<ConfirmationPeek> {
    const reading = this.signer.read('confirm', token, this.clock.now());
    if (!reading.ok && reading.reason === 'invalid') return { state: 'invalid' };
    const subscriber = await this.readers.find(reading.claims.subscriberId);
    if (subscriber?.status === 'active') return { state: 'already', subscriber };
    // Someone who has left since comes back by signing up again, not by an old link.
    if (subscriber?.status !== 'pending') return { state: 'invalid' };
    const measured = await this.measurement.isAgreed(this.database.db, subscriber);
    return { state: reading.ok ? 'ready' : 'expired', subscriber, measured };
  }

  /** Makes a pending subscriber active and writes down that they confirmed. Safe to repeat. */
  async confirm(token: string, context: LinkContext): Promise<Confirmation> {
    const reading = this.signer.read('confirm', token, this.clock.now());
    if (!reading.ok) {
      const { state, subscriber } = await this.peek(token);
      return state === 'ready' ? { state: 'invalid' } : { state, ...(subscriber ? { subscriber } : {}) };
    }
    const { subscriberId } = reading.claims;
    const done = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const subscriber = await this.readers.activate(tx, subscriberId, now);
      if (!subscriber) return undefined;
      await this.subscriptions.giveDefaultsIfNone(tx, subscriberId, now);
      const given = await this.consents.latestGiven(tx, subscriberId);
      const isMeasured = await this.measurement.isStated(tx, subscriberId);
      await this.ledger.append(tx, {
        publicationId: subscriber.publicationId,
        subscriberId,
        kind: 'confirmed',
        method: 'confirmation-link',
        form: given?.form ?? null,
        terms:
          given?.termsVersionId && given.termsSha256
            ? { id: given.termsVersionId, sha256: given.termsSha256 }
            : null,
        sentence: given?.sentence ?? null,
        purposes: withMeasurement(given?.purposes ?? ['newsletter'], isMeasured),
        locale: subscriber.locale,
        pageUrl: given?.pageUrl ?? null,
        addressHmac: subscriber.addressHmac,
        submittedAt: given?.submittedAt ?? now,
        confirmedAt: now,
        evidence: {
          address: subscriber.email,
          ip: recorded(context.ip, 64),
          userAgent: recorded(context.userAgent),
        },
      });
      if (isMeasured) await this.measurement.begin(tx, subscriber, now);
      else await this.measurement.end(tx, subscriber); // of a time before they bounced
      await countReaders(tx, [{ id: subscriberId, counts: ['confirmed'] }], now);
      const mailId = await this.outbox.write(tx, {
        publicationId: subscriber.publicationId,
        kind: 'welcome',
        subscriberId,
      });
      return { subscriber, mailId };
    });
    if (done) {
      await this.outbox.announce(done.mailId);
      return { state: 'confirmed', subscriber: done.subscriber };
    }
    const subscriber = await this.readers.find(subscriberId);
    return subscriber?.status === 'active' ? { state: 'already', subscriber } : { state: 'invalid' };
  }

  /** Sends a fresh confirmation for a link that has expired; at most three an hour. */
  async resend(token: string): Promise<{ state: 'sent' | 'already' | 'invalid' }> {
    const { state, subscriber } = await this.peek(token);
    if (!subscriber || state === 'invalid' || state === 'already') {
      return { state: state === 'already' ? 'already' : 'invalid' };
    }
    await this.linkMails.send(subscriber, 'confirmation', SIGN_UP_MAILS);
    return { state: 'sent' };
  }
}
