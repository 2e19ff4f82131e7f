import { Injectable } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { SlotDecider } from './slot-decider.js';
import { SlotMaker } from './slot-maker.js';
import { SlotRefill } from './slot-refill.js';

/** Fires slots, before the tick that prepares what they made. */
@Injectable()
@OnTick({ order: 15 })
export class SlotTick implements TickTask {
  readonly name = 'slots';

  constructor(
    private readonly maker: SlotMaker,
    private readonly refill: SlotRefill,
    private readonly decider: SlotDecider,
  ) {}

  async run(): Promise<void> {
    await this.refill.run();
    await this.decider.run();
    await this.maker.run();
  }
}
