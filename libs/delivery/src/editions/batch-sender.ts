import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { EditionPauses } from '#digest/clock/edition-pauses.js';
import type { EditionKind } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { MeasuredTokens } from '#kernel/crypto/measured-tokens.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { Breaker } from './breaker.js';
import { ClaimedChunk, type ChunkParts } from './claimed-chunk.js';
import { DeliveryRepository, type EditionForSending } from './delivery.repository.js';
import { EditionPlates } from './edition-plates.js';
import { ClaimJournal } from '../claims/journal.js';
import { readClocks } from '../claims/lease.js';
import { Recall } from '../recall/recall.js';
import { SendingLimits } from '../limits/sending-limits.js';
import { ReturnPaths } from '../messages/return-paths.js';
import { PolicyBreaker } from '../policy/policy-breaker.js';
import { THIS_PROCESS } from '../claims/process-identity.js';
import type { Allowance, NoAllowance } from '../routes/route-choice.js';
import { TransportPool } from '../routes/transport-pool.js';
import type { Route } from '../routes/route.js';

/** Rows claimed at once: one claim and a few outcome statements are shared by so many messages. */
const CHUNK = 1_000;

/** For so long a batch gives way to breaking news before it looks again. */
const GIVE_WAY_MS = 250;

/** A batch has more to send later. */
export interface Again {
  /** When the first of its rows is due. */
  at: Date;
  kind: EditionKind;
}

/** A batch being sent. */
interface Batch {
  edition: EditionForSending;
  publication: Publication;
  batch: number;
  signal: AbortSignal;
}

/** Sends one batch of an edition, chunk by chunk, until none of its rows is due or breaking news is. */
@Injectable()
export class BatchSender {
  private readonly parts: ChunkParts;

  constructor(
    private readonly repository: DeliveryRepository,
    private readonly recall: Recall,
    plates: EditionPlates,
    private readonly publications: PublicationService,
    private readonly pool: TransportPool,
    private readonly limits: SendingLimits,
    private readonly policy: PolicyBreaker,
    pauses: EditionPauses,
    signer: TokenSigner,
    keyring: Keyring,
    returnPaths: ReturnPaths,
    private readonly clock: Clock,
    private readonly config: Config,
    metrics: Metrics,
    private readonly log: Log,
  ) {
    const breaker = new Breaker();
    const ours = { repository, plates, pool, limits, breaker, policy, pauses };
    this.parts = {
      ...ours,
      signer,
      measuredTokens: new MeasuredTokens(keyring),
      returnPaths,
      clock,
      metrics,
      log,
    };
  }

  /** @returns null: none of its rows waits, or the edition is not sending */
  async send(editionId: string, batch: number, { signal, deadline }: JobContext): Promise<Again | null> {
    const edition = await this.repository.editionForSending(editionId);
    if (!edition) return null;
    const publication = await this.publications.current();
    const breakOff = () => this.pool.breakOff();
    deadline.addEventListener('abort', breakOff);
    const unfollow = this.pool.follow();
    let retryInMs = 0;
    try {
      while (!signal.aborted) {
        if (edition.kind !== 'alert' && (await this.repository.isNewsDue(this.clock.now()))) {
          retryInMs = GIVE_WAY_MS;
          break;
        }
        // Rows are not claimed only to be put back while no transport may be used.
        const allowance = await this.allowance(editionId, batch);
        if (!allowance.route) {
          retryInMs = allowance.retryInMs;
          break;
        }
        if (!(await this.sendChunk({ edition, publication, batch, signal }, allowance))) break;
      }
    } finally {
      unfollow();
      deadline.removeEventListener('abort', breakOff);
    }
    if (await this.repository.finishEdition(editionId, this.clock.now())) {
      this.parts.breaker.forget(editionId);
      this.log.info('edition sent', { edition: editionId });
    }
    const at = await this.nextTry(editionId, batch, retryInMs);
    return at && { at, kind: edition.kind };
  }

  /** For as many messages as there may be, by the route whose turn it is. */
  private async allowance(editionId: string, batch: number): Promise<Allowance | NoAllowance> {
    const choice = await this.pool.choice();
    for (const route of choice) {
      const wanted = await this.wanted(editionId, batch, route);
      if (wanted === 0) return { route: null, retryInMs: 0 };
      const allowance = await choice.take(route, wanted);
      if (allowance) return allowance;
    }
    return { route: null, retryInMs: choice.retryInMs };
  }

  /** @returns whether there may be more to send now */
  private async sendChunk(
    { edition, publication, batch, signal }: Batch,
    allowance: Allowance,
  ): Promise<boolean> {
    const token = newId();
    const { dataDir, leaseMs } = this.config;
    const folder = join(dataDir, 'journal');
    const journal = ClaimJournal.open(folder, { of: 'edition', id: edition.id, token }, THIS_PROCESS);
    let chunk: ClaimedChunk | undefined;
    try {
      const claimedAt = readClocks();
      await this.recall.run(edition.id, batch);
      const now = this.clock.now();
      const { granted } = allowance.places;
      const rows = await this.repository.claimDue(edition.id, batch, granted, token, leaseMs, now);
      chunk = new ClaimedChunk(
        this.parts,
        { edition, publication, token, rows, claimedAt, leaseMs, journal, allowance },
        signal,
      );
      const failure = rows.length > 0 ? await chunk.run() : undefined;
      journal.close('remove');
      if (failure) throw failure;
      // The pool gives the next allowance on another route, or says how long to wait.
      return rows.length > 0 && (!chunk.stopped || chunk.endedByTransport);
    } finally {
      journal.close('keep'); // what it knows is settled when the lease has run out
      await this.pool.settle(allowance, chunk?.begun ?? 0);
    }
  }

  /** How many messages an allowance is wanted for: places of a limited transport are not taken for rows that are not there. */
  private async wanted(editionId: string, batch: number, route: Route): Promise<number> {
    await this.passOverResting(editionId, batch, route);
    return route.isLimited ? this.repository.countDue(editionId, batch, CHUNK, this.clock.now()) : CHUNK;
  }

  /** What waits for a domain that asked us to wait, or is left alone, is not claimed only to be put back. */
  private async passOverResting(editionId: string, batch: number, route: Route): Promise<void> {
    if (!route.settings) return;
    const deferring = [...(await this.limits.troubled(route.settings))].flatMap(([key, { restMs }]) =>
      route.rules.domainsOf(key).map((domain) => ({ domain, restMs })),
    );
    const refusing = [...(await this.policy.resting())].map(([domain, restMs]) => ({ domain, restMs }));
    const now = this.clock.now().getTime();
    const domains = [...deferring, ...refusing]
      .filter(({ restMs }) => restMs > 0)
      .map(({ domain, restMs }) => ({ domain, until: new Date(now + restMs) }));
    if (domains.length > 0) await this.repository.postpone(editionId, batch, domains);
  }

  private async nextTry(editionId: string, batch: number, retryInMs: number): Promise<Date | null> {
    const due = await this.repository.nextDue(editionId, batch);
    // Spread, so that the batches that wait for the same limit do not all ask in one instant.
    const allowed = new Date(this.clock.now().getTime() + retryInMs * (1 + Math.random() / 4));
    return due && due < allowed ? allowed : due;
  }
}
