import type { Publication } from '#audience/publication/publication.service.js';
import { readerStamp } from '#digest/content/edition-message.js';
import type { EditionPauses } from '#digest/clock/edition-pauses.js';
import type { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors/errors.js';
import type { Log } from '#kernel/observing/logger.js';
import type { Metrics } from '#kernel/observing/metrics.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { TokenSigner } from '#kernel/crypto/tokens.js';
import { DELIVERY_EXPIRY_MS } from '../outcomes/backoff.js';
import type { Breaker } from './breaker.js';
import { ClaimWatch } from './claim-watch.js';
import type { ClaimedDelivery, DeliveryRepository, EditionForSending } from './delivery.repository.js';
import { DepartureBoard } from './departure-board.js';
import type { EditionPlate, EditionPlates } from './edition-plates.js';
import { retry } from '../claims/retry.js';
import type { ClaimJournal } from '../claims/journal.js';
import type { ClockReading } from '../claims/lease.js';
import { domainOfAddress } from '../limits/domain-rules.js';
import type { SendingLimits } from '../limits/sending-limits.js';
import { readerLinks } from '../messages/message-values.js';
import { decideOutcome, type Outcome, type SendResult } from '../outcomes/outcome.js';
import { OutcomeWriter } from '../outcomes/outcome-writer.js';
import type { PolicyBreaker } from '../policy/policy-breaker.js';
import type { DeliveryOutcome, SendingOutcome } from '../outcomes/sending-outcome.js';
import { settlementOf } from '../outcomes/settlement.js';
import type { OutgoingMessage, Permission } from '../smtp/transport.js';
import { REFUSED_REST_MS, type Allowance, type TransportPool } from '../routes/transport-pool.js';

/** What a chunk works with. */
export interface ChunkParts {
  repository: DeliveryRepository;
  plates: EditionPlates;
  pool: TransportPool;
  limits: SendingLimits;
  breaker: Breaker;
  policy: PolicyBreaker;
  pauses: EditionPauses;
  signer: TokenSigner;
  clock: Clock;
  metrics: Metrics;
  log: Log;
}

/** Rows under one token, where they belong, and the route they are to take. */
export interface ClaimedRows {
  edition: EditionForSending;
  publication: Publication;
  token: string;
  rows: readonly ClaimedDelivery[];
  /** When the claim was asked for. */
  claimedAt: ClockReading;
  leaseMs: number;
  journal: ClaimJournal;
  allowance: Allowance;
}

/** One claim on its way through a transport: as many lanes as connections, each taking row after row. */
export class ClaimedChunk {
  private readonly watch: ClaimWatch;
  private readonly writer: OutcomeWriter<DeliveryOutcome>;
  private readonly board: DepartureBoard;
  /** Of all its variants, loaded at once when the first message needs one. */
  private plates: Promise<ReadonlyMap<string, EditionPlate>> | undefined;
  private releaseUntil: Date | null = null;
  private failure: Error | undefined;
  /** Nothing more of this claim is to be begun. */
  stopped = false;
  /** It was stopped because its transport takes no more, and for no other reason. */
  endedByTransport = false;
  /** Messages that were begun. */
  begun = 0;
  /** Rows that are done with, so that nothing is to be done about them when the claim ends. */
  private ended = 0;

  constructor(
    private readonly parts: ChunkParts,
    private readonly claim: ClaimedRows,
    private readonly signal: AbortSignal,
  ) {
    const { edition, token, rows, claimedAt, leaseMs, allowance } = claim;
    this.watch = new ClaimWatch(parts.repository, edition.id, token, claimedAt, leaseMs);
    this.board = new DepartureBoard(parts.limits, parts.policy, allowance, { token, leaseMs }, rows);
    this.writer = new OutcomeWriter(
      (outcomes) => this.write(outcomes),
      () => (this.stopped = true), // flush() tries once more and reports what stands in the way
    );
  }

  /**
   * Sends what may be sent, writes every outcome and puts the rest back. When it returns nothing is claimed any more.
   * @returns what kept a lane from going on, once all that had happened was written
   * @throws when the ledger could not be written: the journal knows the rest
   */
  async run(): Promise<Error | undefined> {
    const { repository, clock } = this.parts;
    const { edition, token, allowance, rows } = this.claim;
    this.watch.start();
    try {
      for (const { row, forMs } of await this.board.open()) this.putOff(row, forMs, '');
      const lanes = Math.min(allowance.route.transport.lanes, rows.length);
      await Promise.all(Array.from({ length: lanes }, () => this.lane()));
      await this.writer.flush();
      if (this.ended < rows.length) {
        await retry(() => repository.release(edition.id, token, this.releaseUntil ?? clock.now()));
      }
    } finally {
      await this.watch.stop();
      await this.board.close();
    }
    return this.failure;
  }

  /** Never throws: the other lanes' outcomes are still to be written. */
  private async lane(): Promise<void> {
    try {
      for (let row = await this.next(); row; row = await this.next()) {
        // It is released with what is left of the claim, and comes back as another variant.
        if (this.watch.mustWait(row.subscriberId)) this.board.arrived(row);
        else await this.deliver(row);
      }
    } catch (error) {
      await this.broken(error);
    }
  }

  /**
   * A variant that can not be made stops the edition, for an operator to look at: that of which an article was taken back
   * is one that nobody has tried. Anything else is tried again.
   */
  private async broken(error: unknown): Promise<void> {
    if (!(error instanceof DomainError) || error.code !== 'invalid_input') {
      this.fail(error);
      return;
    }
    const reasons = error.errors?.map(({ field, message }) => `${field}: ${message}`) ?? [error.message];
    try {
      if (!this.stopped) await this.pause(`A mail can not be made. ${reasons.join(' ')}`);
    } catch (failure) {
      this.fail(failure);
    }
  }

  private async next(): Promise<ClaimedDelivery | undefined> {
    await this.watch.fresh(this.signal);
    const row = await this.board.next(() => this.isOver);
    if (this.isOver) this.stopped = true;
    return row;
  }

  private get isOver(): boolean {
    return this.stopped || this.signal.aborted || this.watch.isOver;
  }

  private async deliver(row: ClaimedDelivery): Promise<void> {
    const message = await this.messageFor(row);
    const result = await this.claim.allowance.route.transport.send(message, this.permission(row));
    if (result.kind === 'not-begun' && !this.watch.mustSkip(row.subscriberId)) {
      this.board.putBack(row); // the news was old: it is looked at again, unless all is over
      return;
    }
    this.board.arrived(row);
    if (result.kind === 'not-begun') this.recordSuppressed(row);
    else await this.settle(row, await this.decide(result));
  }

  private async messageFor(row: ClaimedDelivery): Promise<OutgoingMessage> {
    const { plates, signer, clock } = this.parts;
    const { edition, publication, rows } = this.claim;
    this.plates ??= plates.load(edition, new Set(rows.map(({ variantId }) => variantId)));
    const { plate, locale } = (await this.plates).get(row.variantId) as EditionPlate;
    const links = readerLinks(signer, publication.baseUrl, row.subscriberId, clock.now(), edition.id);
    const stamp = readerStamp(edition.id, row, locale, publication, links);
    return {
      from: publication.senderEmail,
      to: row.email,
      messageId: stamp.messageId,
      subject: plate.subject,
      stamp: (form) => plate.stamp(stamp, form),
    };
  }

  /** The last looks before a message goes on a connection; what is refused here stays claimed and is released at the end. */
  private permission(row: ClaimedDelivery): Permission {
    let noted = false;
    return (what) => {
      if (what === 'end') return this.watch.holds;
      if (this.isOver || !this.watch.mayBegin()) return false;
      if (this.watch.mustSkip(row.subscriberId) || this.watch.mustWait(row.subscriberId)) return false;
      if (what === 'content' && !noted) {
        noted = this.note(() => this.claim.journal.begin(row.subscriberId));
        if (noted) this.begun += 1;
      }
      return what === 'envelope' || noted;
    };
  }

  /** A transport that cannot be used is rested, and the mail takes another route if there is one. */
  private async decide(result: SendResult): Promise<Outcome> {
    const { pool } = this.parts;
    const { route } = this.claim.allowance;
    if ((result.kind === 'rejected-client' || result.kind === 'unreachable') && pool.hasOther(route)) {
      const reply = result.kind === 'unreachable' ? result.reason : result.reply;
      // What may soon be over (4xx) is left to the transport's own, shorter, rest.
      if (result.kind === 'rejected-client' && result.code >= 500) {
        await pool.rest(route, REFUSED_REST_MS, reply);
      }
      return { status: 'released', code: null, reply, retryAfterMs: 0 };
    }
    return decideOutcome(result);
  }

  private recordSuppressed(row: ClaimedDelivery): void {
    const reply = 'left before it was begun';
    this.record(row, { status: 'suppressed', tried: false, code: null, reply });
  }

  private async settle(row: ClaimedDelivery, outcome: Outcome): Promise<void> {
    const { clock, metrics } = this.parts;
    metrics.countDelivery(outcome.status);
    const expiresAt = new Date(this.claim.edition.frozenAt.getTime() + DELIVERY_EXPIRY_MS);
    const settled = settlementOf(outcome, { ...row, expiresAt }, clock.now(), Math.random());
    if (outcome.status === 'released') this.stopForTransport(settled.dueAt ?? clock.now());
    this.record(row, settled);
    if (outcome.status === 'accepted') {
      this.claim.allowance.route.accepted();
      await this.board.accepted(row);
    }
    if (outcome.status === 'deferred') await this.backOff(row, outcome);
    if (outcome.status === 'failed' && outcome.blocked) await this.refusedForPolicy(row, outcome.reply);
    else await this.judge(row, outcome, settled);
  }

  private async judge(row: ClaimedDelivery, outcome: Outcome, { reply, status }: SendingOutcome) {
    if (outcome.status === 'pause') {
      await this.pause(`The mail server refused us, not the reader: ${reply}`);
      return;
    }
    // One in doubt is not tried again: a server that breaks off after every message must not use up the edition.
    const isInDoubt = status === 'uncertain' && !this.signal.aborted; // then it is we who broke off
    if (status !== 'accepted' && status !== 'failed' && !isInDoubt) return;
    const { breaker, policy } = this.parts;
    const { edition } = this.claim;
    const domain = domainOfAddress(row.email);
    policy.note(edition.id, domain);
    if (status === 'accepted' && this.board.isOnTrial(row)) await retry(() => policy.passed(domain));
    const reason = breaker.note(edition.id, status !== 'accepted', reply);
    if (reason !== undefined) await this.pause(reason);
  }

  /** It is this reader's matter, unless their domain, or many domains, refuse many. */
  private async refusedForPolicy(row: ClaimedDelivery, reply: string): Promise<void> {
    const { edition } = this.claim;
    const domain = domainOfAddress(row.email);
    const refusal = { edition, domain, reply, onTrial: this.board.isOnTrial(row) };
    const { restMs, paused } = await retry(() => this.parts.policy.refused(refusal));
    if (restMs > 0) for (const other of this.board.rested(domain)) this.putOff(other, restMs, '');
    if (paused) this.stop();
  }

  /** Whoever asked us to wait is left alone, not only in this message. */
  private async backOff(
    row: ClaimedDelivery,
    { about, reply }: Outcome & { status: 'deferred' },
  ): Promise<void> {
    const { pool, clock } = this.parts;
    const { route } = this.claim.allowance;
    if (about === 'domain' || about === 'perhaps-domain') {
      const { rows, forMs } = await this.board.deferred(row, about === 'domain');
      for (const other of rows) this.putOff(other, forMs, reply);
    } else if (about === 'transport' || (about === 'perhaps-transport' && route.suspect())) {
      const restMs = pool.deferred(route, reply);
      this.stopForTransport(new Date(clock.now().getTime() + (pool.hasOther(route) ? 0 : restMs)));
    }
  }

  /** @param until the rest of the claim waits as long */
  private stopForTransport(until: Date): void {
    if (!this.stopped) this.endedByTransport = true;
    this.stopped = true;
    this.releaseUntil = until;
  }

  /** Back to the queue, not tried. Spread a little, so that they do not all come back in one instant. */
  private putOff(row: ClaimedDelivery, forMs: number, reply: string): void {
    const dueAt = new Date(this.parts.clock.now().getTime() + forMs * (1 + Math.random() / 4));
    this.record(row, { status: 'queued', dueAt, tried: false, code: null, reply: scrub(reply) });
  }

  private async pause(reason: string): Promise<void> {
    this.stop();
    await retry(() => this.parts.pauses.pauseNow(this.claim.edition.id, reason));
  }

  /** The edition is paused. */
  private stop(): void {
    this.stopped = true;
    this.endedByTransport = false;
  }

  private record({ subscriberId }: ClaimedDelivery, outcome: SendingOutcome): void {
    this.writer.add({ ...outcome, subscriberId });
    if (outcome.status !== 'queued') this.ended += 1;
    this.note(() => this.claim.journal.end(subscriberId, outcome));
  }

  /** Writes in the journal. What cannot be noted (a full disk) is not begun. @returns whether it is there */
  private note(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  private fail(error: unknown): void {
    this.stopped = true;
    this.failure ??= error as Error;
  }

  private async write(outcomes: DeliveryOutcome[]): Promise<void> {
    const { repository, clock, log } = this.parts;
    const { edition, token } = this.claim;
    const written = await retry(() => repository.recordOutcomes(edition.id, token, outcomes, clock.now()));
    const lost = outcomes.length - written;
    if (lost > 0) log.warn('a lease ran out before its outcomes were written', { edition: edition.id, lost });
  }
}
