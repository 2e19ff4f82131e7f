import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { ConsentSealer } from './consent-sealer.js';

/** Seals what came into the consent ledger since the last tick. */
@Injectable()
@OnTick({ order: 50 })
export class ConsentSealTick implements TickTask {
  readonly name = 'consent seals';

  constructor(
    private readonly sealer: ConsentSealer,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await this.sealer.seal(this.clock.now());
  }
}
