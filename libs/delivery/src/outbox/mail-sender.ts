import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { OutboxRepository, type ClaimedMail } from '#queue/outbox/outbox.repository.js';
import { retry } from '../claims/retry.js';
import { ClaimJournal } from '../claims/journal.js';
import { Lease, renewEveryMs, readClocks } from '../claims/lease.js';
import { decideOutcome, deferral, type Outcome } from '../outcomes/outcome.js';
import type { SendResult } from '../outcomes/send-result.js';
import { MailReaderRepository, type AddressedMail } from './mail-reader.repository.js';
import { THIS_PROCESS } from '../claims/process-identity.js';
import { SingleMails, type ComposedMail } from './single-mails.js';
import { firstAllowance, type Allowance } from '../routes/route-choice.js';
import { REFUSED_REST_MS, TransportPool } from '../routes/transport-pool.js';

/** A mail under a lease of this process. */
interface HeldMail {
  mail: AddressedMail;
  lease: Lease;
  journal: ClaimJournal;
  signal: AbortSignal;
  /** What it was allowed, to be settled once the journal knows how it ended. */
  unsettled: { allowance: Allowance; begun: number }[];
}

/** A day's limit may be raised before the day is over. */
const LONGEST_WAIT_MS = 10 * 60_000;

const GONE = 'the reader is gone or must not be mailed';

/** Sends single mails, in the same states as deliveries. */
@Injectable()
export class MailSender {
  constructor(
    private readonly repository: OutboxRepository,
    private readonly readers: MailReaderRepository,
    private readonly mails: SingleMails,
    private readonly pool: TransportPool,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** @returns when to try this mail again, or null when it is done with or not there to be sent */
  async send(mailId: string, { signal, deadline }: JobContext): Promise<Date | null> {
    const token = newId();
    const { dataDir, leaseMs } = this.config;
    const folder = join(dataDir, 'journal');
    const journal = ClaimJournal.open(folder, { of: 'mail', id: mailId, token }, THIS_PROCESS);
    const breakOff = () => this.pool.breakOff();
    deadline.addEventListener('abort', breakOff);
    try {
      const lease = new Lease(readClocks(), leaseMs);
      const claimed = await this.repository.claim(mailId, token, leaseMs, this.clock.now());
      const mail = claimed && (await this.readers.addressed(claimed));
      const outcome = mail && (await this.sendHeld(token, { mail, lease, journal, signal, unsettled: [] }));
      journal.close('remove');
      return outcome?.status === 'queued' ? (outcome.dueAt ?? null) : null;
    } finally {
      deadline.removeEventListener('abort', breakOff);
      journal.close('keep'); // what it knows is settled when the lease has run out
    }
  }

  private async sendHeld(token: string, held: HeldMail): Promise<Outcome> {
    const { mail, lease, journal } = held;
    const keep = setInterval(() => {
      // A database that does not answer: the lease runs out by itself, and nothing is begun after that.
      this.renew(mail.id, token, lease).catch(() => undefined);
    }, renewEveryMs(lease.lengthMs));
    try {
      const outcome = mail.email
        ? await this.transmit(held, mail.email)
        : ({ status: 'suppressed', tried: false, code: null, reply: GONE } as const);
      journal.end(mail.id, outcome);
      await retry(() => this.repository.record(mail.id, token, outcome));
      this.metrics.mails.inc({ kind: mail.kind, outcome: outcome.status });
      return outcome;
    } finally {
      clearInterval(keep);
      for (const { allowance, begun } of held.unsettled) await this.pool.settle(allowance, begun);
    }
  }

  private async renew(mailId: string, token: string, lease: Lease): Promise<void> {
    const asked = readClocks();
    if (await this.repository.renewLease(mailId, token, lease.lengthMs)) lease.renewed(asked);
    else lease.lose();
  }

  private async transmit(held: HeldMail, email: string): Promise<Outcome> {
    const { mail } = held;
    let composed;
    try {
      composed = await this.mails.compose(mail, email);
    } catch (error) {
      // It could not be rendered: that is ours to mend, so it stays in the outbox and is tried again.
      this.log.error('a mail could not be composed', error, { mail: mail.id, kind: mail.kind });
      return this.deferred(mail, { code: null, reply: 'it could not be composed' });
    }
    const result = await this.sendBySomeRoute(held, composed);
    const outcome = decideOutcome(result, mail, this.clock.now(), Math.random());
    // A refusal of us pauses and fails no mail: each is tried again until its time is over.
    const isOfUs = outcome.concerns === 'sender' || outcome.concerns === 'policy';
    return isOfUs ? this.deferred(mail, { code: outcome.code, reply: outcome.reply }) : outcome;
  }

  /** By the first route that can be used; one that turns out not to be is passed over. */
  private async sendBySomeRoute(held: HeldMail, composed: ComposedMail): Promise<SendResult> {
    for (;;) {
      const allowance = await firstAllowance(await this.pool.choice(), 1);
      if (!allowance.route) {
        const reason = 'no transport may be used now';
        const retryAfterMs = Math.min(allowance.retryInMs, LONGEST_WAIT_MS);
        return { kind: 'unreachable', reason, retryAfterMs };
      }
      const result = await this.sendUnder(allowance, held, composed);
      if (result.kind === 'accepted') allowance.route.accepted();
      const isOfRoute = result.kind === 'rejected-client' || result.kind === 'unreachable';
      if (!isOfRoute || !this.pool.hasOther(allowance.route)) return result;
      if (result.kind === 'rejected-client' && result.code >= 500) {
        await this.pool.rest(allowance.route, REFUSED_REST_MS, result.reply);
      }
    }
  }

  private async sendUnder(allowance: Allowance, held: HeldMail, composed: ComposedMail): Promise<SendResult> {
    const { mail, lease, journal, signal } = held;
    let noted = false;
    try {
      await wait(allowance.places.firstInMs, undefined, { signal }).catch(() => undefined);
      const message = composed(allowance.route.signedBy);
      return await allowance.route.transport.send(message, (what) => {
        if (what === 'end') return lease.holds;
        if (signal.aborted || !lease.holds) return false;
        if (what === 'envelope') return true;
        if (!noted) journal.begin(mail.id);
        return (noted = true);
      });
    } finally {
      held.unsettled.push({ allowance, begun: noted ? 1 : 0 });
    }
  }

  private deferred(mail: ClaimedMail, said: { code: number | null; reply: string }): Outcome {
    return deferral(said, mail, this.clock.now(), Math.random());
  }
}
