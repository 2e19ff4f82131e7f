import type { Publication } from '#audience/publication.service.js';
import type { Clock } from '#kernel/clock.js';
import type { Log } from '#kernel/logger.js';
import { deliveryMessageId } from '#kernel/message-id.js';
import type { Metrics } from '#kernel/metrics.js';
import type { TokenSigner } from '#kernel/tokens.js';
import { greeting } from '#rendering/locales.js';
import { DELIVERY_EXPIRY_MS } from './backoff.js';
import { ClaimWatch } from './claim-watch.js';
import type { ClaimedDelivery, DeliveryRepository, EditionForSending } from './delivery.repository.js';
import type { EditionPlates } from './edition-plates.js';
import { insist } from './insist.js';
import type { ClaimJournal } from './journal.js';
import type { Moment } from './lease.js';
import { readerLinks } from './message-values.js';
import { decideOutcome, type Outcome } from './outcome.js';
import { OutcomeWriter } from './outcome-writer.js';
import type { DeliveryOutcome, SendingOutcome } from './sending-outcome.js';
import { isOfReader, settlementOf } from './settlement.js';
import type { OutgoingMessage, Permission, Transport } from './transport.js';

/** What a chunk works with. */
export interface ChunkParts {
  repository: DeliveryRepository;
  plates: EditionPlates;
  transport: Transport;
  signer: TokenSigner;
  clock: Clock;
  metrics: Metrics;
  log: Log;
}

/** Rows under one token, and where they belong. */
export interface ClaimedRows {
  edition: EditionForSending;
  publication: Publication;
  token: string;
  rows: readonly ClaimedDelivery[];
  /** When the claim was asked for. */
  claimedAt: Moment;
  journal: ClaimJournal;
}

/** One claim on its way through the transport: as many lanes as connections, each taking row after row. */
export class ClaimedChunk {
  private readonly pending: ClaimedDelivery[];
  private readonly watch: ClaimWatch;
  private readonly writer: OutcomeWriter<DeliveryOutcome>;
  private releaseUntil: Date | null = null;
  private failure: Error | undefined;
  /** Nothing more of this batch is to be begun now. */
  stopped = false;

  constructor(
    private readonly parts: ChunkParts,
    private readonly claim: ClaimedRows,
    private readonly signal: AbortSignal,
  ) {
    const { edition, token, rows, claimedAt } = claim;
    this.pending = [...rows].reverse();
    this.watch = new ClaimWatch(parts.repository, edition.id, token, claimedAt);
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
    const { repository, transport, clock } = this.parts;
    const { edition, token } = this.claim;
    this.watch.start();
    try {
      const lanes = Math.min(transport.lanes, this.pending.length);
      await Promise.all(Array.from({ length: lanes }, () => this.lane()));
      await this.writer.flush();
      await insist(() => repository.release(edition.id, token, this.releaseUntil ?? clock.now()));
    } finally {
      await this.watch.stop();
    }
    return this.failure;
  }

  /** Never throws: the other lanes' outcomes are still to be written. */
  private async lane(): Promise<void> {
    try {
      for (let row = await this.next(); row; row = await this.next()) await this.deliver(row);
    } catch (error) {
      this.fail(error);
    }
  }

  private async next(): Promise<ClaimedDelivery | undefined> {
    await this.watch.fresh(this.signal);
    if (!this.isOver) return this.pending.pop();
    this.stopped = true;
    return undefined;
  }

  private get isOver(): boolean {
    return this.stopped || this.signal.aborted || this.watch.isOver;
  }

  private async deliver(row: ClaimedDelivery): Promise<void> {
    const message = await this.messageFor(row);
    const result = await this.parts.transport.send(message, this.permission(row));
    if (result.kind !== 'not-begun') await this.settle(row, decideOutcome(result));
    else if (this.watch.mustSkip(row.subscriberId)) this.recordSuppressed(row);
    else if (!this.isOver) this.pending.push(row); // the news was old: it is looked at again
  }

  private async messageFor(row: ClaimedDelivery): Promise<OutgoingMessage> {
    const { plates, signer, clock } = this.parts;
    const { edition, publication } = this.claim;
    const { plate, subject, locale } = await plates.get(edition, row.variantId);
    const messageId = deliveryMessageId(edition.id, row.subscriberId, publication.senderEmail);
    const stamp = {
      to: { name: row.name ?? '', address: row.email },
      messageId,
      values: {
        address: row.email,
        greeting: greeting(locale, row.name),
        ...readerLinks(signer, publication.baseUrl, row.subscriberId, clock.now(), edition.id),
      },
    };
    return {
      from: publication.senderEmail,
      to: row.email,
      messageId,
      subject,
      stamp: (form) => plate.stamp(stamp, form),
    };
  }

  /** The last looks before a message goes on a connection; what is refused here stays claimed and is released at the end. */
  private permission(row: ClaimedDelivery): Permission {
    let noted = false;
    return (what) => {
      if (this.isOver || !this.watch.mayBegin() || this.watch.mustSkip(row.subscriberId)) return false;
      if (what === 'envelope') return true;
      if (!noted) noted = this.note(() => this.claim.journal.begin(row.subscriberId));
      return noted;
    };
  }

  private recordSuppressed(row: ClaimedDelivery): void {
    const reply = 'left before it was begun';
    this.record(row, { status: 'suppressed', tried: false, code: null, reply });
  }

  private async settle(row: ClaimedDelivery, outcome: Outcome): Promise<void> {
    const { clock, metrics } = this.parts;
    metrics.deliveries.inc({ outcome: outcome.status });
    const expiresAt = new Date(this.claim.edition.startedAt.getTime() + DELIVERY_EXPIRY_MS);
    const settled = settlementOf(outcome, { ...row, expiresAt }, clock.now(), Math.random());
    if (outcome.status === 'released') {
      this.stopped = true;
      this.releaseUntil = settled.dueAt ?? null; // the rest of the claim waits as long
    }
    this.record(row, settled);
    if (outcome.status === 'pause' && !isOfReader(outcome, row)) await this.pause(settled.reply);
  }

  private async pause(reply: string): Promise<void> {
    const { repository, clock, log } = this.parts;
    const { edition } = this.claim;
    this.stopped = true;
    const reason = `The mail server refused us, not the reader: ${reply}`;
    await insist(() => repository.pauseEdition(edition.id, reason, clock.now()));
    log.warn('edition paused', { edition: edition.id, reason });
  }

  private record({ subscriberId }: ClaimedDelivery, outcome: SendingOutcome): void {
    this.writer.add({ ...outcome, subscriberId });
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
    const written = await insist(() => repository.recordOutcomes(edition.id, token, outcomes, clock.now()));
    const lost = outcomes.length - written;
    if (lost > 0) log.warn('a lease ran out before its outcomes were written', { edition: edition.id, lost });
  }
}
