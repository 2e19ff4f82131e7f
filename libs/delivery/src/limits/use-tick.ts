import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { OnTick, type TickTask } from '#queue/tick.js';
import { PaceRepository } from './pace.repository.js';

/** Counts of past hours and days are of no use to a limit; a month of them is kept to be looked at. */
const KEPT_MS = 31 * 86_400_000;

/** Forgets old counts of what transports sent. */
@Injectable()
@OnTick({ order: 50 })
export class UseTick implements TickTask {
  readonly name = 'transport-use';

  constructor(
    private readonly repository: PaceRepository,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await this.repository.forgetUseBefore(new Date(this.clock.now().getTime() - KEPT_MS));
  }
}
