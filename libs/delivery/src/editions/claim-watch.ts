import { setTimeout as wait } from 'node:timers/promises';
import type { DeliveryRepository } from './delivery.repository.js';
import { elapsedSince, Lease, readClocks, type ClockReading } from '../claims/lease.js';

/** How often the ledger is looked at. */
const LOOK_EVERY_MS = 400;
/** An unsubscribe or pause that was committed stops what is not begun within one second (I3): older news is no ground to begin. */
const FRESH_MS = 900;

/** Keeps a claim alive and learns what must not be begun any more. */
export class ClaimWatch {
  private readonly lease: Lease;
  private readonly skip = new Set<string>();
  private readonly recalled = new Set<string>();
  private readonly unmeasured = new Set<string>();
  private readonly ending = new AbortController();
  private editionStopped = false;
  private loop: Promise<void> = Promise.resolve();

  /** @param lookedAt when the claim was asked for: it looks at the same as {@link look} does */
  constructor(
    private readonly repository: Pick<DeliveryRepository, 'renewLease' | 'findStopped'>,
    private readonly editionId: string,
    private readonly token: string,
    private lookedAt: ClockReading,
    leaseMs: number,
    /** Who was measured when they were claimed. */
    private readonly measuredIds: readonly string[] = [],
  ) {
    this.lease = new Lease(lookedAt, leaseMs);
  }

  start(): void {
    this.loop = this.run();
  }

  /** Whether anything may still be begun under this claim. */
  get isOver(): boolean {
    return this.editionStopped || this.ending.signal.aborted || !this.lease.holds;
  }

  /** Whether what was begun under this claim may be completed. */
  get holds(): boolean {
    return this.lease.holds;
  }

  /** Whether a message may be begun now: the claim holds, and nothing older than a second says so. */
  mayBegin(): boolean {
    return !this.isOver && this.isFresh;
  }

  /** Whether this reader has left since the claim. */
  mustSkip(subscriberId: string): boolean {
    return this.skip.has(subscriberId);
  }

  /** Whether something in this reader's message was taken back since the claim: it is not to be begun as it is. */
  mustWait(subscriberId: string): boolean {
    return this.recalled.has(subscriberId);
  }

  /** Whether this reader has withdrawn, since the claim, that they agree to be measured. */
  isUnmeasured(subscriberId: string): boolean {
    return this.unmeasured.has(subscriberId);
  }

  /** Resolves when {@link mayBegin} is not kept false by old news alone. Lanes wait here for a slow database. */
  async fresh(signal: AbortSignal): Promise<void> {
    while (!this.isFresh && !this.isOver && !signal.aborted) {
      await wait(LOOK_EVERY_MS / 8, undefined, {
        signal: AbortSignal.any([signal, this.ending.signal]),
      }).catch(() => undefined);
    }
  }

  /** Whether what is known of the ledger is less than a second old. */
  get isFresh(): boolean {
    return elapsedSince(this.lookedAt) < FRESH_MS;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.look();
      } catch {
        // The database does not answer: nothing is begun until it does, or the lease has run out.
      }
    }
  }

  private async look(): Promise<void> {
    const asked = readClocks();
    if (this.lease.isToBeRenewed) {
      const { lengthMs } = this.lease;
      if (await this.repository.renewLease(this.editionId, this.token, lengthMs)) this.lease.renewed(asked);
      else this.lease.lose();
    }
    const found = await this.repository.findStopped(this.editionId, this.token, this.measuredIds);
    if (found.editionStopped) this.editionStopped = true;
    for (const id of found.subscriberIds) this.skip.add(id);
    for (const id of found.recalledIds) this.recalled.add(id);
    for (const id of found.unmeasuredIds) this.unmeasured.add(id);
    this.lookedAt = asked;
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.loop;
  }
}
