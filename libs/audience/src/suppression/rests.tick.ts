import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { endRests } from './bounces.js';

/** Lets readers have mail again whose mailbox was left alone for long enough. */
@Injectable()
@OnTick({ order: 15 })
export class RestsTick implements TickTask {
  readonly name = 'rests';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await endRests(this.database.db, this.clock.now());
  }
}
