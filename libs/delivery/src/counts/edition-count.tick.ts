import { Injectable } from '@nestjs/common';
import type { JobContext } from '#queue/jobs/job-context.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { EditionCountRepository } from './edition-count.repository.js';

/** Rows in a transaction: some ten milliseconds. A minute of a fast edition leaves as many. */
const FOLDED_AT_ONCE = 5_000;
/** A tick has other things to do too; what is left over is in the answers as well. */
const FOLDS_PER_TICK = 100;

/** Adds up what has become of deliveries since the last tick. */
@Injectable()
@OnTick({ order: 60 })
export class EditionCountTick implements TickTask {
  readonly name = 'edition-counts';

  constructor(private readonly counts: EditionCountRepository) {}

  async run({ signal }: Pick<JobContext, 'signal'>): Promise<void> {
    await foldAll((limit) => this.counts.foldStates(limit), signal);
    await foldAll((limit) => this.counts.foldOutcomes(limit), signal);
  }
}

async function foldAll(fold: (limit: number) => Promise<number>, signal: AbortSignal): Promise<void> {
  for (let folds = 0; folds < FOLDS_PER_TICK && !signal.aborted; folds++) {
    if ((await fold(FOLDED_AT_ONCE)) < FOLDED_AT_ONCE) return;
  }
}
