import { Injectable } from '@nestjs/common';
import type { JobContext } from '#queue/jobs/job-context.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { ReaderCountRepository } from './reader-count.repository.js';

/** Rows in a transaction: some ten milliseconds. */
const FOLDED_AT_ONCE = 5_000;
/** A tick has other things to do too; what is left over is in the answers as well. */
const FOLDS_PER_TICK = 100;

/** Adds up what has changed of the counts of readers since the last tick. */
@Injectable()
@OnTick({ order: 60 })
export class ReaderCountTick implements TickTask {
  readonly name = 'reader-counts';

  constructor(private readonly counts: ReaderCountRepository) {}

  async run({ signal }: Pick<JobContext, 'signal'>): Promise<void> {
    for (let folds = 0; folds < FOLDS_PER_TICK && !signal.aborted; folds++) {
      if ((await this.counts.fold(FOLDED_AT_ONCE)) < FOLDED_AT_ONCE) return;
    }
  }
}
