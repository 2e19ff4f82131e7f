import { Injectable } from '@nestjs/common';
import { MeasuredReaderRepository } from '#audience/measurement/measured-reader.repository.js';
import { SubscriberRepository } from '#audience/subscribers/subscriber.repository.js';
import { Clock } from '#kernel/clock.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { FoldRepository } from './fold.repository.js';
import { OldRowsRepository } from './old-rows.repository.js';
import { RecountRepository } from './recount.repository.js';

/** Rows in a transaction: some milliseconds, and an edition's chunk of 250 outcomes leaves a handful. */
const FOLDED_AT_ONCE = 5_000;
/** Of articles: each row is of some dozens of them. */
const ARTICLE_ROWS_FOLDED_AT_ONCE = 1_000;
/** A tick has other things to do too; what is left over is in the answers as well. */
const FOLDS_PER_TICK = 100;

/** After an upgrade, and once only: an edition to a million takes some seconds. */
const RECOUNT_MS = 10_000;

const DAY_MS = 86_400_000;
/** Somebody who compares with last year's edition looks at its events; after that the numbers tell enough of it. */
const EVENTS_KEPT_MS = 400 * DAY_MS;
/** Bounces come within a week (RFC 5321 §4.5.4.1: 4-5 days), complaints within some; after that nothing is to be known twice. */
const RETURNS_KEPT_MS = 90 * DAY_MS;
/** So that a year's events, all too old at once after an upgrade, keep nothing waiting. */
const FORGOTTEN_AT_ONCE = 5_000;

/**
 * Adds up what was counted since the last tick, counts older editions, and forgets events that are too old: the numbers of them
 * stay.
 */
@Injectable()
@OnTick({ order: 60 })
export class NumbersTick implements TickTask {
  readonly name = 'numbers';

  constructor(
    private readonly counts: FoldRepository,
    private readonly recounts: RecountRepository,
    private readonly oldRows: OldRowsRepository,
    private readonly subscribers: SubscriberRepository,
    private readonly measured: MeasuredReaderRepository,
    private readonly clock: Clock,
  ) {}

  async run({ signal }: Pick<JobContext, 'signal'>): Promise<void> {
    await foldAll((limit) => this.counts.foldEditions(limit), FOLDED_AT_ONCE, signal);
    await foldAll((limit) => this.counts.foldArticles(limit), ARTICLE_ROWS_FOLDED_AT_ONCE, signal);
    await foldAll((limit) => this.counts.foldAudience(limit), FOLDED_AT_ONCE, signal);
    await this.recount(signal);
    const now = this.clock.now().getTime();
    await this.subscribers.forgetEvents(new Date(now - EVENTS_KEPT_MS), FORGOTTEN_AT_ONCE);
    await this.measured.forgetOld(new Date(now - EVENTS_KEPT_MS), FORGOTTEN_AT_ONCE);
    await this.oldRows.forgetReturned(new Date(now - RETURNS_KEPT_MS), FORGOTTEN_AT_ONCE);
  }

  private async recount(signal: AbortSignal): Promise<void> {
    const until = performance.now() + RECOUNT_MS;
    while (!signal.aborted && performance.now() < until && (await this.recounts.recountNext()));
  }
}

async function foldAll(
  fold: (limit: number) => Promise<number>,
  atOnce: number,
  signal: AbortSignal,
): Promise<void> {
  for (let folds = 0; folds < FOLDS_PER_TICK && !signal.aborted; folds++) {
    if ((await fold(atOnce)) < atOnce) return;
  }
}
