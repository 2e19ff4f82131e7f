import { Injectable } from '@nestjs/common';
import { countReturned } from '#audience/numbers/count-in-editions.js';
import { Complaints } from '#audience/reader/complaints.js';
import { UnsubscribeService, type LeaveMethod } from '#audience/reader/unsubscribe.service.js';
import { recordBounces, SOFT_BOUNCES } from '#audience/suppression/bounces.js';
import type { Executor } from '#database/database.js';
import type { StoredReturnResult } from '#database/schema/index.js';
import { ReturnedDeliveries } from '#delivery/returns/returned-deliveries.repository.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import type { ReturnKind } from '../reading/returned-mail.js';
import type { Finding } from './act.js';
import { normalised } from './readers.repository.js';
import type { Subject } from './subject-finder.js';

/** A finding with all that an action needs to know. */
export interface Found {
  /** Of what came back. */
  kind: ReturnKind;
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
   * Does it, in the caller's transaction: of bounces all together.
   * @param known normalised address → subscriber, of the recipients that were named
   * @returns for each what was done
   */
  async takeAll(
    tx: Executor,
    all: readonly Found[],
    known: ReadonlyMap<string, string>,
  ): Promise<StoredReturnResult[]> {
    const actions = new Map<Found, Action>();
    for (const round of roundsOf(all.filter(isBounce)))
      for (const [one, action] of await this.bounces(tx, round)) actions.set(one, action);
    const results: StoredReturnResult[] = [];
    for (const one of all) {
      const action = actions.get(one) ?? (isActedOn(one) ? await this.act(tx, one) : undefined);
      results.push(resultOf(one, action, known));
    }
    return results;
  }

  private async act(tx: Executor, found: ActedOn): Promise<Action> {
    const { kind, subject, leaveMethod = 'mail' } = found;
    switch (kind) {
      case 'complaint':
        return this.complain(tx, found, subject);
      case 'unsubscribe': {
        const { subscriberId, editionId } = subject;
        await this.leaving.leaveWithin(tx, subscriberId, { ...NOBODY, method: leaveMethod, editionId });
        return 'unsubscribed';
      }
      case 'bounce':
        return 'counted'; // in words that nobody understands
      case 'delayed':
      case 'auto_reply':
      case 'dmarc_report':
      case 'tls_report':
      case 'other':
        return 'none';
    }
  }

  /** @param found one for each reader */
  private async bounces(tx: Executor, found: readonly BounceFound[]): Promise<[Found, Action][]> {
    const now = this.clock.now();
    await this.noteBounced(tx, found, now);
    const bounces = found.map(({ finding, subject, itemId }) => {
      const { class: its, code, status, reason: reply } = finding;
      const { subscriberId, editionId } = subject;
      return { subscriberId, editionId, class: its, code, status, reply, returnedItemId: itemId };
    });
    const rules = { hardLimit: this.config.hardBounceLimit, soft: SOFT_BOUNCES };
    const actions = await recordBounces(tx, bounces, rules, now);
    return found.map((one) => [one, actions.get(one.subject.subscriberId) ?? 'counted']);
  }

  /** The ledger shows it beside what was accepted, and it counts once. */
  private async noteBounced(tx: Executor, found: readonly BounceFound[], now: Date): Promise<void> {
    const keys = found.flatMap(({ subject: { editionId, subscriberId } }) =>
      editionId === null ? [] : [{ editionId, subscriberId }],
    );
    const news = await this.deliveries.markBounced(tx, keys, now);
    for (const editionId of new Set(news.map((its) => its.editionId))) {
      const own = news.filter((its) => its.editionId === editionId);
      const subscriberIds = own.map(({ subscriberId }) => subscriberId);
      await countReturned(tx, { editionId, subscriberIds, what: 'bounced', now });
    }
  }

  private async complain(tx: Executor, { itemId, feedbackType }: Found, subject: Subject): Promise<Action> {
    if (feedbackType === 'not-spam') return 'counted';
    const { subscriberId, editionId } = subject;
    const complaint = { subscriberId, editionId, returnedItemId: itemId };
    await this.complaints.take(tx, { ...complaint, feedbackType: feedbackType ?? 'abuse' });
    return 'suppressed';
  }
}

type ActedOn = Found & { subject: Subject };
type BounceFound = ActedOn & { finding: Finding & { class: NonNullable<Finding['class']> } };

/** Of a reader who is still there, proved, and over. */
function isActedOn(found: Found): found is ActedOn {
  const { kind, finding, subject } = found;
  return (
    finding.isProved &&
    subject !== null &&
    subject.email !== null &&
    (!finding.isDelayed || kind === 'delayed')
  );
}

function isBounce(found: Found): found is BounceFound {
  return found.kind === 'bounce' && found.finding.class !== null && isActedOn(found);
}

interface OfReader {
  subject: { subscriberId: string };
}

/** In as few rounds as there can be of which none has a reader twice; in each in the order of readers, as others lock many. */
export function roundsOf<F extends OfReader>(all: readonly F[]): F[][] {
  const rounds: F[][] = [];
  const seen = new Map<string, number>();
  for (const one of all) {
    const { subscriberId } = one.subject;
    const at = seen.get(subscriberId) ?? 0;
    (rounds[at] ??= []).push(one);
    seen.set(subscriberId, at + 1);
  }
  return rounds.map((round) => round.sort(byReader));
}

const byReader = (a: OfReader, b: OfReader) => (a.subject.subscriberId < b.subject.subscriberId ? -1 : 1);

/** @param action undefined: nothing could follow for the reader */
function resultOf(
  { kind, finding, subject }: Found,
  action: Action | undefined,
  known: ReadonlyMap<string, string>,
): StoredReturnResult {
  const { class: its, status, reason, recipient, isDelayed } = finding;
  if (action !== undefined && subject) {
    const { subscriberId, editionId } = subject;
    return { class: its, status, reason, subscriberId, editionId, action };
  }
  const subscriberId = known.get(normalised(recipient) ?? '') ?? null;
  const counts = subscriberId !== null && !isDelayed && kind !== 'delayed';
  return { class: its, status, reason, subscriberId, editionId: null, action: counts ? 'counted' : 'none' };
}
