import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { SubscriberStatus } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { countReturned } from '../numbers/count-in-editions.js';
import { countReaders } from '../numbers/count-readers.js';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { ConsentRepository } from '../consent/consent.repository.js';
import { endedPurposes, Measurement } from '../measurement/measurement.js';
import { ReaderRepository } from '../subscribers/reader.repository.js';
import { SingleMailRepository } from '../subscribers/single-mail.repository.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';

/** A reader called a mail of ours spam. */
export interface Complaint {
  subscriberId: string;
  editionId: string | null;
  /** What came back and told it. */
  returnedItemId: string | null;
  /** RFC 5965 §7.3: `abuse`, `fraud` … */
  feedbackType: string;
}

const HAS_CONSENTED: readonly SubscriberStatus[] = ['pending', 'active', 'bounced'];

/** A complaint ends everything: no mail goes to that address again without a new consent. */
@Injectable()
export class Complaints {
  constructor(
    private readonly readers: ReaderRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly consents: ConsentRepository,
    private readonly ledger: ConsentLedger,
    private readonly measurement: Measurement,
    private readonly mails: SingleMailRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends every subscription of who complained, suppresses the address and writes the withdrawal into the consent ledger, in the caller's
   * transaction. @returns whether there is such a reader
   */
  async take(tx: Executor, complaint: Complaint): Promise<boolean> {
    const { subscriberId, editionId, returnedItemId, feedbackType } = complaint;
    const now = this.clock.now();
    const before = await this.readers.lock(tx, subscriberId);
    if (!before) return false;
    await this.readers.setComplained(tx, subscriberId, now);
    await this.measurement.end(tx, before);
    await this.mails.stop(tx, [subscriberId], now);
    await this.suppressions.suppressForComplaint(tx, {
      id: newId(),
      publicationId: before.publicationId,
      addressHmac: before.addressHmac,
      reason: 'complaint',
      note: null,
      returnedItemId,
      createdAt: now,
    });
    await this.count(tx, complaint, before.status, now);
    await this.readers.recordEvent(tx, before, {
      type: 'complaint',
      editionId,
      returnedItemId,
      detail: { feedbackType },
      at: now,
    });
    if (!HAS_CONSENTED.includes(before.status)) return true;
    const given = await this.consents.latestGiven(tx, subscriberId);
    await this.ledger.append(tx, {
      publicationId: before.publicationId,
      subscriberId,
      kind: 'withdrawn',
      method: 'complaint',
      purposes: endedPurposes(given, before),
      locale: before.locale,
      addressHmac: before.addressHmac,
      submittedAt: now,
      evidence: { address: before.email, ip: null, userAgent: null },
    });
    return true;
  }

  /** Each reader counts once, and once for each edition. */
  private async count(
    tx: Executor,
    { subscriberId, editionId }: Complaint,
    status: SubscriberStatus,
    now: Date,
  ): Promise<void> {
    if (status !== 'complained') await countReaders(tx, [{ id: subscriberId, counts: ['complained'] }], now);
    if (editionId === null || (await this.readers.hasDone(tx, subscriberId, 'complaint', editionId))) return;
    await countReturned(tx, { editionId, subscriberIds: [subscriberId], what: 'complained', now });
  }
}
