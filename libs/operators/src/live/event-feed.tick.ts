import { Injectable } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { EventFeedRepository } from './event-feed.repository.js';

/** Forgets events that nobody comes back for any more. */
@Injectable()
@OnTick({ order: 90 })
export class EventFeedTick implements TickTask {
  readonly name = 'event-feed';

  constructor(private readonly feed: EventFeedRepository) {}

  run(): Promise<void> {
    return this.feed.forgetOld();
  }
}
