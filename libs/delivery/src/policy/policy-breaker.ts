import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { EditionPauses } from '#digest/clock/edition-pauses.js';
import { OperatorNotices } from '#digest/clock/operator-notices.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { scrub } from '#kernel/observing/scrub.js';
import { acrossDomains, policyRestMs, refusedIn, refusesTooMany } from './policy-rules.js';
import { acrossReason, restReason } from './policy-words.js';
import { PolicyRepository, type Standing } from './policy.repository.js';
import { Unwritten } from './unwritten.js';

/** What other processes have found out of a domain is known here within this time. */
const REFRESH_MS = 1_000;
/** A message on trial has its answer in this time, as a rule; if not, another one is tried. */
export const TRIAL_MS = 60_000;

/** A message that was refused for policy. */
export interface Refusal {
  edition: { id: string; digestId: string; publicationId: string };
  domain: string;
  reply: string;
  /** It was the one message that was tried after a rest. */
  onTrial: boolean;
}

/** What follows from a refusal. */
export interface PolicyDecision {
  /** For so many milliseconds nothing is sent to the domain; 0: it goes on. */
  restMs: number;
  /** The edition was paused. */
  paused: boolean;
}

/**
 * Judges refusals for policy. One is a matter of its reader; many of one domain are that domain's view of us, and it is
 * left alone; many across domains are about us, and the edition is paused. All workers judge by the same windows, which
 * are in the database and touched only by refusals.
 */
@Injectable()
export class PolicyBreaker {
  private readonly takenByDomain = new Unwritten();
  private readonly takenOfEdition = new Unwritten();
  private known = new Map<string, Date>();
  private readAt = -Infinity;

  constructor(
    private readonly repository: PolicyRepository,
    private readonly pauses: EditionPauses,
    private readonly notices: OperatorNotices,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** A message had an outcome that was no refusal for policy. */
  note(editionId: string, domain: string): void {
    this.takenByDomain.add(domain);
    this.takenOfEdition.add(editionId);
  }

  /** A message was refused for policy: what follows is committed, with the mails to the operators, when this returns. */
  async refused(refusal: Refusal): Promise<PolicyDecision> {
    const { edition, domain } = refusal;
    const now = this.clock.now();
    const takenBy = this.takenByDomain.take(domain);
    const takenOf = this.takenOfEdition.take(edition.id);
    const mailIds: string[] = [];
    const found = await this.repository.transaction(async (tx) => {
      const standing = await this.repository.noteDomain(tx, domain, takenBy, now);
      const until = await this.judgeDomain(tx, refusal, standing, now, mailIds);
      const recent = await this.repository.noteEdition(tx, edition.id, domain, takenOf, now);
      return { until, paused: await this.judgeEdition(tx, refusal, recent, mailIds) };
    });
    if (found.until) this.known.set(domain, found.until);
    await this.notices.announce(mailIds);
    const restMs = Math.max((found.until?.getTime() ?? 0) - now.getTime(), 0);
    return { restMs, paused: found.paused };
  }

  /** @returns until when it is left alone */
  private async judgeDomain(
    tx: Executor,
    { edition, domain, reply, onTrial }: Refusal,
    { recent, rests, restingUntil }: Standing,
    now: Date,
    mailIds: string[],
  ): Promise<Date | null> {
    // What was on its way when the rest began is answered in it, and is no news.
    if (!onTrial && restingUntil && restingUntil > now) return restingUntil;
    if (rests === 0 && !refusesTooMany(recent)) return null;
    const until = new Date(now.getTime() + policyRestMs(rests + 1));
    await this.repository.rest(tx, domain, until, now);
    const window = rests === 0 ? recent : '1';
    const reason = restReason(domain, refusedIn(window), window.length, scrub(reply));
    this.log.warn('a recipient domain refuses us for policy and is left alone', { domain, until, reason });
    // Each further rest is the same news.
    if (rests === 0) {
      const about = { digestId: edition.digestId, domain, reason, at: until.toISOString() };
      mailIds.push(
        ...(await this.notices.write(tx, 'domain-rested', edition.publicationId, about, edition.id)),
      );
    }
    return until;
  }

  private async judgeEdition(tx: Executor, { edition, reply }: Refusal, recent: string[], mailIds: string[]) {
    const refusals = acrossDomains(recent);
    if (!refusals) return false;
    await this.repository.forgetEdition(tx, edition.id);
    const written = await this.pauses.pause(
      tx,
      edition.id,
      acrossReason(refusals, recent.length, scrub(reply)),
    );
    mailIds.push(...(written ?? []));
    return true;
  }

  /** Domains that are not in good standing, and for how many milliseconds each is left alone; 0: one may be tried. */
  async resting(): Promise<Map<string, number>> {
    if (performance.now() - this.readAt > REFRESH_MS) {
      const rows = await this.repository.resting();
      this.known = new Map(rows.map(({ domain, until }) => [domain, until]));
      this.readAt = performance.now();
    }
    const now = this.clock.now().getTime();
    return new Map([...this.known].map(([domain, until]) => [domain, Math.max(until.getTime() - now, 0)]));
  }

  /** Asks for the one message that may be tried after a rest. @returns whether it is granted */
  async takeTrial(domain: string): Promise<boolean> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + TRIAL_MS);
    const isOurs = await this.repository.takeTrial(domain, until, now);
    this.known.set(domain, until);
    return isOurs;
  }

  /** The domain took the message on trial. */
  async passed(domain: string): Promise<void> {
    await this.repository.clear(domain);
    this.known.delete(domain);
    this.takenByDomain.take(domain);
  }
}
