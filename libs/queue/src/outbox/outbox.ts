import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { OutboxKind } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { Clock } from '#kernel/clock.js';
import { JobQueue } from '../jobs/job-queue.js';
import { OutboxRepository } from './outbox.repository.js';

/** How long a single mail is tried, by kind. After it a confirmation is worth nothing. */
const LIFETIME_HOURS: Record<OutboxKind, number> = {
  confirmation: 24,
  welcome: 72,
  unsubscribed: 72,
  'already-subscribed': 24,
  'preferences-link': 24,
  'edition-test': 24,
  'approval-wanted': 24,
  'slot-held': 72,
  'edition-paused': 72,
  'domain-rested': 72,
  alarm: 72,
  // As long as their links work.
  invitation: 168,
  'password-reset': 1,
  'first-mail': 72,
};

export interface OutboxRequest {
  publicationId: string;
  kind: OutboxKind;
  subscriberId?: string;
  /** Only for mail to someone who is no subscriber. */
  address?: string;
  editionId?: string;
  payload?: Record<string, unknown>;
  /** Written as a row like any other, but never sent: the answer to an unknown and a suppressed address costs the same. */
  suppressed?: boolean;
}

/**
 * The durable wish "send this mail to that reader". Written in the transaction of what it follows from; delivery
 * finds it. Nobody calls delivery to get a single mail out.
 */
@Injectable()
export class Outbox {
  constructor(
    private readonly mails: OutboxRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes the wish. Call {@link announce} with the id once the transaction has committed.
   * @returns the mail's id
   */
  async write(tx: Executor, request: OutboxRequest): Promise<string> {
    const id = newId();
    const now = this.clock.now();
    await this.mails.insert(tx, {
      id,
      publicationId: request.publicationId,
      kind: request.kind,
      subscriberId: request.subscriberId ?? null,
      address: request.address ?? null,
      editionId: request.editionId ?? null,
      payload: request.payload ?? {},
      status: request.suppressed ? 'suppressed' : 'queued',
      dueAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_HOURS[request.kind] * 3_600_000),
      createdAt: now,
      updatedAt: now,
    });
    return id;
  }

  /** Tells the queue that a committed mail waits. If the queue is down the tick finds the mail instead. */
  async announce(mailId: string): Promise<void> {
    await this.queue.enqueue('mail.send', { mailId }, { dedupeKey: mailId });
  }
}
