import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { DeliveryRepository } from '../editions/delivery.repository.js';
import {
  journalPath,
  readJournal,
  readJournals,
  removeJournal,
  type Claim,
  type JournalReading,
} from '../claims/journal.js';
import { isDead, isWhole } from '../claims/process-identity.js';
import type { Outcome } from '../outcomes/outcome.js';

const LEASES_PER_RUN = 1_000;

/**
 * Settles the claims of processes that died or froze. What their journal says ended is committed; what was on the
 * wire is in doubt and is resent with the same Message-ID, or held (IN_DOUBT); the rest was never begun and goes back
 * to the queue.
 */
@Injectable()
export class ClaimRecovery {
  private readonly folder: string;

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly outbox: OutboxRepository,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly log: Log,
  ) {
    this.folder = join(config.dataDir, 'journal');
  }

  /** Before this process makes a claim. The embedded database belongs to one process: then every claim is a dead one's. */
  async atBoot(): Promise<Claim[]> {
    const dead = await this.settleDead();
    return this.database.kind === 'embedded' ? [...dead, ...(await this.settleExpired(true))] : dead;
  }

  /** @returns the claims that were settled: what they held may be due again */
  async run(): Promise<Claim[]> {
    return [...(await this.settleDead()), ...(await this.settleExpired())];
  }

  /** Claims whose journal lies on this machine and whose process is gone need not wait for their lease. */
  private async settleDead(): Promise<Claim[]> {
    const settled: Claim[] = [];
    for (const journal of readJournals(this.folder)) {
      if (isDead(journal.owner, journal.touchedAt, Date.now())) {
        settled.push(...(await this.settle(journal.claim, journal)));
      }
    }
    return settled;
  }

  private async settleExpired(all = false): Promise<Claim[]> {
    const settled: Claim[] = [];
    for (const { editionId, token, expiredMs } of await this.deliveries.findExpiredLeases(
      LEASES_PER_RUN,
      all,
    )) {
      const journal = readJournal(journalPath(this.folder, token));
      // A claim whose journal is not here may be of a machine that comes back in a moment and knows better.
      const wait = this.database.kind === 'postgres' ? this.config.leaseMs : 0;
      if (!journal && !all && expiredMs < wait) continue;
      settled.push(...(await this.settle({ of: 'edition', id: editionId, token }, journal)));
    }
    for (const { mailId, token } of await this.outbox.findExpiredLeases(LEASES_PER_RUN, all)) {
      const journal = readJournal(journalPath(this.folder, token));
      settled.push(...(await this.settle({ of: 'mail', id: mailId, token }, journal)));
    }
    return settled;
  }

  /** One claim that cannot be settled keeps none of the others from it. @returns the claim, if it was settled */
  private async settle(claim: Claim, journal: JournalReading | undefined): Promise<Claim[]> {
    try {
      if (claim.of === 'edition') await this.settleEdition(claim, journal);
      else await this.settleMail(claim, journal);
      removeJournal(journalPath(this.folder, claim.token));
      return [claim];
    } catch (error) {
      this.log.error('a dead claim could not be settled; it is tried again in a minute', error, { ...claim });
      return [];
    }
  }

  /** Without a whole journal (it is on another machine, or a power cut may have cut it) all that is claimed is in doubt. */
  private async settleEdition({ id, token }: Claim, journal: JournalReading | undefined): Promise<void> {
    const now = this.clock.now();
    const ended = journal?.ended ?? [];
    await this.deliveries.recordOutcomes(id, token, ended, now);
    const claimed = await this.deliveries.findClaimed(id, token);
    const begun = new Set(journal?.begun);
    const doubtful = journal && isWhole(journal.owner) ? claimed.filter((one) => begun.has(one)) : claimed;
    const outcome = this.config.inDoubt === 'hold' ? held() : resent(now);
    const inDoubt = doubtful.map((reader) => ({ id: reader, outcome }));
    await this.deliveries.recordOutcomes(id, token, inDoubt, now);
    await this.deliveries.release(id, token, now);
    this.log.warn('took over the claim of a process that had stopped', {
      edition: id,
      ended: ended.length,
      inDoubt: doubtful.length,
      notBegun: claimed.length - doubtful.length,
    });
  }

  /** In doubt it goes out again whatever IN_DOUBT says: a second confirmation does less harm than none. */
  private async settleMail({ id, token }: Claim, journal: JournalReading | undefined): Promise<void> {
    const ended = journal?.ended.find((one) => one.id === id)?.outcome;
    if (ended) await this.outbox.record(id, token, ended);
    else if (journal && isWhole(journal.owner) && !journal.begun.includes(id)) {
      await this.outbox.release(id, token);
    } else await this.outbox.record(id, token, resent(this.clock.now()));
    this.log.warn('took over a mail of a process that had stopped', { mail: id });
  }
}

const DIED = { tried: true, inDoubt: true, code: null, reply: 'its process died while it was on the wire' };

function resent(now: Date): Outcome {
  return { ...DIED, status: 'queued', dueAt: now };
}

function held(): Outcome {
  return { ...DIED, status: 'uncertain' };
}
