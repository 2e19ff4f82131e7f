import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { PolicyRepository } from '../policy/policy.repository.js';
import { PaceRepository } from '../limits/pace.repository.js';

/** Counts of past hours and days are of no use to a limit, nor are old refusals; a month of them is kept to be looked at. */
const KEPT_MS = 31 * 86_400_000;

/** Forgets old counts of what transports sent, and of what was refused. */
@Injectable()
@OnTick({ order: 50 })
export class UseTick implements TickTask {
  readonly name = 'transport-use';

  constructor(
    private readonly paces: PaceRepository,
    private readonly policy: PolicyRepository,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    await this.paces.forgetUseBefore(before);
    await this.policy.forgetBefore(before);
  }
}
