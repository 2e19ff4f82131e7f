import { Module } from '@nestjs/common';
import { EventFeedRepository } from './event-feed.repository.js';
import { EventFeedTick } from './event-feed.tick.js';
import { LiveEvents } from './live-events.js';

/** What operators hear of as it happens. */
@Module({
  providers: [EventFeedRepository, EventFeedTick, LiveEvents],
  exports: [EventFeedRepository, LiveEvents],
})
export class LiveModule {}
