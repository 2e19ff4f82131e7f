import { Injectable } from '@nestjs/common';
import { countReturned } from '#audience/numbers/count-in-editions.js';
import { Complaints } from '#audience/reader/complaints.js';
import { UnsubscribeService, type LeaveMethod } from '#audience/reader/unsubscribe.service.js';
import { recordBounces, SOFT_BOUNCES } from '#audience/suppression/bounces.js';
import type { Executor } from '#database/database.js';
import type { StoredReturnResult } from '#database/schema/index.js';
import { ReturnedDeliveries, type DeliveryKey } from '#delivery/returns/returned-deliveries.repository.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import type { ReturnKind } from '../reading/returned-mail.js';
import type { Finding } from './act.js';
import { normalised } from './readers.repository.js';
import type { Subject } from './subject-finder.js';

/** A finding with all that an action needs to know. */
export interface Found {
  finding: Finding;
  subject: Subject | null;
  /** Of what came back: the evidence. */
  itemId: string;
  /** Of a complaint: RFC 5965 `Feedback-Type`. */
  feedbackType: string | null;
  /** How an unsubscribe came; by a mail unless said. */
  leaveMethod?: LeaveMethod;
}

type Action = StoredReturnResult['action'];

const NOBODY = { ip: null, userAgent: null };

/** What follows for a reader from what came back. Only what is proved has consequences: anybody can write a bounce. */
@Injectable()
export class ReaderActions {
  constructor(
    private readonly complaints: Complaints,
    private readonly leaving: UnsubscribeService,
    private readonly deliveries: ReturnedDeliveries,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Does it, in the caller's transaction.
   * @param known normalised address → subscriber, of the recipients that were named
   */
  async take(
    tx: Executor,
    kind: ReturnKind,
    found: Found,
    known: ReadonlyMap<string, string>,
  ): Promise<StoredReturnResult> {
    const { finding, subject } = found;
    const { class: its, status, reason, recipient, isProved } = finding;
    if (finding.isDelayed && kind !== 'delayed') {
      return {
        class: its,
        status,
        reason,
        subscriberId: known.get(normalised(recipient) ?? '') ?? null,
        editionId: null,
        action: 'none',
      };
    }
    if (isProved && subject && subject.email !== null) {
      const { subscriberId, editionId } = subject;
      const action = await this.act(tx, kind, found, subject);
      return { class: its, status, reason, subscriberId, editionId, action };
    }
    const subscriberId = known.get(normalised(recipient) ?? '') ?? null;
    const action = subscriberId && kind !== 'delayed' ? 'counted' : 'none';
    return { class: its, status, reason, subscriberId, editionId: null, action };
  }

  private async act(tx: Executor, kind: ReturnKind, found: Found, subject: Subject): Promise<Action> {
    switch (kind) {
      case 'bounce':
        return this.bounce(tx, found, subject);
      case 'complaint':
        return this.complain(tx, found, subject);
      case 'unsubscribe':
        await this.leaving.leaveWithin(tx, subject.subscriberId, {
          ...NOBODY,
          method: found.leaveMethod ?? 'mail',
          editionId: subject.editionId,
        });
        return 'unsubscribed';
      case 'delayed':
      case 'auto_reply':
      case 'dmarc_report':
      case 'tls_report':
      case 'other':
        return 'none';
    }
  }

  private async bounce(tx: Executor, { finding, itemId }: Found, subject: Subject): Promise<Action> {
    const { subscriberId, editionId } = subject;
    if (finding.class === null) return 'counted';
    const now = this.clock.now();
    if (editionId) await this.noteBounced(tx, { editionId, subscriberId }, now);
    const { class: its, code, status, reason: reply } = finding;
    const actions = await recordBounces(
      tx,
      [{ subscriberId, editionId, class: its, code, status, reply, returnedItemId: itemId }],
      { hardLimit: this.config.hardBounceLimit, soft: SOFT_BOUNCES },
      now,
    );
    return actions.get(subscriberId) ?? 'counted';
  }

  /** The ledger shows it beside what was accepted, and it counts once. */
  private async noteBounced(tx: Executor, key: DeliveryKey, now: Date): Promise<void> {
    const news = await this.deliveries.markBounced(tx, [key], now);
    const subscriberIds = news.map(({ subscriberId }) => subscriberId);
    await countReturned(tx, { editionId: key.editionId, subscriberIds, what: 'bounced', now });
  }

  private async complain(tx: Executor, { itemId, feedbackType }: Found, subject: Subject): Promise<Action> {
    if (feedbackType === 'not-spam') return 'counted';
    const { subscriberId, editionId } = subject;
    const complaint = { subscriberId, editionId, returnedItemId: itemId };
    await this.complaints.take(tx, { ...complaint, feedbackType: feedbackType ?? 'abuse' });
    return 'suppressed';
  }
}
