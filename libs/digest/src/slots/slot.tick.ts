import { Injectable } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/tick.js';
import { SlotDecider } from './slot-decider.js';
import { SlotMaker } from './slot-maker.js';

/** Fires slots, before the tick that prepares what they made. */
@Injectable()
@OnTick({ order: 15 })
export class SlotTick implements TickTask {
  readonly name = 'slots';

  constructor(
    private readonly maker: SlotMaker,
    private readonly decider: SlotDecider,
  ) {}

  async run(): Promise<void> {
    await this.decider.run();
    await this.maker.run();
  }
}
