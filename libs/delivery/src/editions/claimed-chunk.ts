import type { Publication } from '#audience/publication/publication.service.js';
import { readerStamp } from '#digest/content/edition-message.js';
import type { EditionPauses } from '#digest/clock/edition-pauses.js';
import type { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors/errors.js';
import type { Log } from '#kernel/observing/logger.js';
import type { Metrics } from '#kernel/observing/metrics.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { MeasuredTokens } from '#kernel/crypto/measured-tokens.js';
import type { TokenSigner } from '#kernel/crypto/tokens.js';
import { DELIVERY_EXPIRY_MS } from '../outcomes/backoff.js';
import type { Breaker } from './breaker.js';
import { ClaimWatch } from './claim-watch.js';
import type {
  ClaimedDelivery,
  DeliveryRepository,
  EditionForSending,
  EndedDelivery,
} from './delivery.repository.js';
import { DepartureBoard } from './departure-board.js';
import type { EditionPlate, EditionPlates } from './edition-plates.js';
import { retry } from '../claims/retry.js';
import type { ClaimJournal } from '../claims/journal.js';
import type { ClockReading } from '../claims/lease.js';
import { domainOfAddress } from '../limits/domain-rules.js';
import type { SendingLimits } from '../limits/sending-limits.js';
import type { ReturnPaths } from '../messages/return-paths.js';
import { readerLinks } from '../messages/message-values.js';
import { decideOutcome, kindOf, released, type Outcome } from '../outcomes/outcome.js';
import { OutcomeWriter } from '../outcomes/outcome-writer.js';
import type { SendResult } from '../outcomes/send-result.js';
import type { PolicyBreaker } from '../policy/policy-breaker.js';
import type { OutgoingMessage, Permission } from '../smtp/transport.js';
import type { Allowance } from '../routes/route-choice.js';
import { REFUSED_REST_MS, type TransportPool } from '../routes/transport-pool.js';

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
  measuredTokens: MeasuredTokens;
  returnPaths: ReturnPaths;
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

type Row = ClaimedDelivery;

/** One claim on its way through a transport: as many lanes as connections, each taking row after row. */
export class ClaimedChunk {
  private readonly watch: ClaimWatch;
  private readonly measured: readonly ClaimedDelivery[];
  private readonly writer: OutcomeWriter<EndedDelivery>;
  private readonly board: DepartureBoard;
  /** Of all its variants. */
  private plates: ReadonlyMap<string, EditionPlate> = new Map();
  /** Whether it is signed so that complaints may be asked for. */
  private readonly isReportable: boolean;
  /** Of the variants of its readers who agreed to be measured. */
  private measuredPlates: ReadonlyMap<string, EditionPlate> = new Map();
  /** When what is tried now is no news any more. */
  private readonly expiresAt: Date;
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
    const { edition, publication, token, rows, claimedAt, leaseMs, allowance } = claim;
    this.measured = rows.filter(({ measured }) => measured);
    const measuredIds = this.measured.map(({ subscriberId }) => subscriberId);
    this.watch = new ClaimWatch(parts.repository, edition.id, token, claimedAt, leaseMs, measuredIds);
    this.board = new DepartureBoard(parts.limits, parts.policy, allowance, { token, leaseMs }, rows);
    this.isReportable = parts.returnPaths.mayReport(publication, allowance.route.signedBy);
    this.expiresAt = new Date(edition.frozenAt.getTime() + DELIVERY_EXPIRY_MS);
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
      await this.loadPlates();
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

  private async loadPlates(): Promise<void> {
    const { edition, rows } = this.claim;
    try {
      const { plates } = this.parts;
      this.plates = await plates.load(edition, variantsOf(rows));
      if (this.measured.length > 0)
        this.measuredPlates = await plates.loadMeasured(edition, variantsOf(this.measured));
    } catch (error) {
      await this.broken(error);
    }
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

  /** The row that may leave now; nothing: none is left, or all is over. Only what has to be waited for is. */
  private next(): Row | undefined | Promise<Row | undefined> {
    if (this.watch.isFresh) {
      const row = this.isOver ? undefined : this.board.take();
      if (row) return row;
    }
    return this.waitForNext();
  }

  private async waitForNext(): Promise<Row | undefined> {
    await this.watch.fresh(this.signal);
    const row = await this.board.next(() => this.isOver);
    if (this.isOver) this.stopped = true;
    return row;
  }

  private get isOver(): boolean {
    return this.stopped || this.signal.aborted || this.watch.isOver;
  }

  private async deliver(row: Row): Promise<void> {
    const isMeasured = row.measured && !this.watch.isUnmeasured(row.subscriberId);
    const message = this.compose(row, isMeasured);
    const result = await this.transmit(row, message, isMeasured);
    if (result.kind === 'not-begun') this.turnBack(row);
    else {
      this.board.arrived(row);
      const outcome = this.decide(row, result);
      this.count(outcome);
      this.record(row, outcome);
      const reaction = this.react(row, outcome, result);
      if (reaction) await reaction;
    }
  }

  private compose(row: Row, isMeasured: boolean): OutgoingMessage {
    const { signer, measuredTokens, returnPaths, clock } = this.parts;
    const { edition, publication } = this.claim;
    const plates = isMeasured ? this.measuredPlates : this.plates;
    const { plate, locale } = plates.get(row.variantId) as EditionPlate;
    const links = {
      ...readerLinks(signer, publication.baseUrl, row.subscriberId, clock.now(), edition.id),
      ...(isMeasured && {
        measured: measuredTokens.sign({ editionId: edition.id, subscriberId: row.subscriberId }),
      }),
    };
    const addresses = returnPaths.ofDelivery(publication, edition.id, row.subscriberId, this.isReportable);
    const stamp = readerStamp(edition.id, row, locale, publication, links, addresses);
    return {
      from: addresses.returnPath,
      to: row.email,
      messageId: stamp.messageId,
      subject: plate.subject,
      stamp: (form) => plate.stamp(stamp, form),
    };
  }

  private transmit(row: Row, message: OutgoingMessage, isMeasured: boolean): Promise<SendResult> {
    return this.claim.allowance.route.transport.send(message, this.permission(row, isMeasured));
  }

  /** The last looks before a message goes on a connection; what is refused here stays claimed and is released at the end. */
  private permission({ subscriberId }: Row, isMeasured: boolean): Permission {
    let noted = false;
    return (what) => {
      if (what === 'end') return this.watch.holds;
      if (this.isOver || !this.watch.mayBegin()) return false;
      if (this.watch.mustSkip(subscriberId) || this.watch.mustWait(subscriberId)) return false;
      if (isMeasured && this.watch.isUnmeasured(subscriberId)) return false; // it is put back, and composed as everybody's
      if (what === 'content' && !noted) {
        noted = this.noteBegun(subscriberId);
        if (noted) this.begun += 1;
      }
      return what === 'envelope' || noted;
    };
  }

  /** It was not begun: its reader has left, or the news was old and it is looked at again, unless all is over. */
  private turnBack(row: Row): void {
    if (!this.watch.mustSkip(row.subscriberId)) {
      this.board.putBack(row);
      return;
    }
    this.board.arrived(row);
    this.record(row, { status: 'suppressed', tried: false, code: null, reply: 'left before it was begun' });
  }

  /** A transport that cannot be used leaves its messages to another, if there is one. */
  private decide(row: Row, result: SendResult): Outcome {
    const now = this.parts.clock.now();
    if (isOfRoute(result) && this.parts.pool.hasOther(this.claim.allowance.route)) {
      return released(result.kind === 'unreachable' ? result.reason : result.reply, now);
    }
    return decideOutcome(result, { attempts: row.attempts, expiresAt: this.expiresAt }, now, Math.random());
  }

  private count(outcome: Outcome): void {
    this.parts.metrics.countDelivery(kindOf(outcome));
    if (outcome.status === 'accepted') this.claim.allowance.route.accepted();
  }

  private record({ subscriberId: id, variantId }: Row, outcome: Outcome): void {
    const articleIds = this.plates.get(variantId)?.articleIds;
    this.writer.add(articleIds ? { id, outcome, articleIds } : { id, outcome });
    if (outcome.status !== 'queued') this.ended += 1;
    this.claim.journal.end(id, outcome);
  }

  /** What an outcome means for others than its reader. @returns what there is to be waited for: nothing, usually */
  private react(row: Row, outcome: Outcome, result: SendResult): Promise<void> | undefined {
    const { concerns, reply } = outcome;
    switch (concerns) {
      case undefined:
        return this.judge(row, outcome);
      case 'claim':
        this.stopForTransport(outcome.dueAt as Date);
        return this.restRefusing(result);
      case 'sender':
        return this.pause(`The mail server refused us, not the reader: ${reply}`);
      case 'policy':
        return this.refusedForPolicy(row, reply);
      case 'domain':
      case 'perhaps-domain':
        return this.leaveDomainAlone(row, concerns === 'domain', reply);
      case 'transport':
      case 'perhaps-transport':
        this.leaveTransportAlone(concerns === 'transport', reply);
        return undefined;
    }
  }

  /** The server refuses us as a client, and another transport can be used: this one is left alone for longer. */
  private async restRefusing(result: SendResult): Promise<void> {
    const { pool } = this.parts;
    const { route } = this.claim.allowance;
    // What may soon be over (4xx) is left to the transport's own, shorter, rest.
    if (result.kind !== 'rejected-client' || result.code < 500) return;
    await pool.rest(route, REFUSED_REST_MS, result.reply);
  }

  /** Notes how it went with the edition and with the domain, and pauses what goes wrong too often. */
  private judge(row: Row, { status, reply }: Outcome): Promise<void> | undefined {
    // One in doubt is not tried again: a server that breaks off after every message must not use up the edition.
    const isInDoubt = status === 'uncertain' && !this.signal.aborted; // then it is we who broke off
    if (status !== 'accepted' && status !== 'failed' && !isInDoubt) return undefined;
    const { breaker, policy } = this.parts;
    const { edition } = this.claim;
    policy.note(edition.id, domainOfAddress(row.email));
    const reason = breaker.note(edition.id, status !== 'accepted', reply);
    if (reason !== undefined) return this.pause(reason);
    return status === 'accepted' && this.board.isInTrouble(row) ? this.clear(row) : undefined;
  }

  /** Its domain takes mail again. */
  private async clear(row: Row): Promise<void> {
    await this.board.accepted(row);
    if (!this.board.isOnTrial(row)) return;
    await retry(() => this.parts.policy.passed(domainOfAddress(row.email)));
  }

  /** It is this reader's matter, unless their domain, or many domains, refuse many. */
  private async refusedForPolicy(row: Row, reply: string): Promise<void> {
    const { edition } = this.claim;
    const domain = domainOfAddress(row.email);
    const refusal = { edition, domain, reply, onTrial: this.board.isOnTrial(row) };
    const { restMs, paused } = await retry(() => this.parts.policy.refused(refusal));
    if (restMs > 0) for (const other of this.board.rested(domain)) this.putOff(other, restMs, '');
    if (paused) this.stop();
  }

  /** @param certain whether it was said of the domain; else it may have been about one mailbox */
  private async leaveDomainAlone(row: Row, certain: boolean, reply: string): Promise<void> {
    const { rows, forMs } = await this.board.deferred(row, certain);
    for (const other of rows) this.putOff(other, forMs, reply);
  }

  /** @param certain whether it was said of the server; else it may have been about one message */
  private leaveTransportAlone(certain: boolean, reply: string): void {
    const { pool, clock } = this.parts;
    const { route } = this.claim.allowance;
    if (!certain && !route.suspect()) return;
    const restMs = pool.deferred(route, reply);
    this.stopForTransport(new Date(clock.now().getTime() + (pool.hasOther(route) ? 0 : restMs)));
  }

  /** @param until the rest of the claim waits as long */
  private stopForTransport(until: Date): void {
    if (!this.stopped) this.endedByTransport = true;
    this.stopped = true;
    this.releaseUntil = until;
  }

  /** Back to the queue, not tried. Spread a little, so that they do not all come back in one instant. */
  private putOff(row: Row, forMs: number, reply: string): void {
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

  /** What cannot be noted in the journal (a full disk) is not begun. @returns whether it is there */
  private noteBegun(subscriberId: string): boolean {
    try {
      this.claim.journal.begin(subscriberId);
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

  private async write(outcomes: EndedDelivery[]): Promise<void> {
    const { repository, clock, log } = this.parts;
    const { edition, token } = this.claim;
    const written = await retry(() => repository.recordOutcomes(edition.id, token, outcomes, clock.now()));
    const lost = outcomes.length - written;
    if (lost > 0) log.warn('a lease ran out before its outcomes were written', { edition: edition.id, lost });
  }
}

/** It says something of the transport, and nothing of the message. */
function isOfRoute(result: SendResult): result is SendResult & { kind: 'unreachable' | 'rejected-client' } {
  return result.kind === 'unreachable' || result.kind === 'rejected-client';
}

function variantsOf(rows: readonly Row[]): Set<string> {
  return new Set(rows.map(({ variantId }) => variantId));
}
