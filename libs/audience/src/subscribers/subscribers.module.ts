import { Module } from '@nestjs/common';
import { ReaderRepository } from './reader.repository.js';
import { SingleMailRepository } from './single-mail.repository.js';
import { SubscriberRepository } from './subscriber.repository.js';
import { SubscriptionRepository } from './subscription.repository.js';

/** Readers' rows. */
@Module({
  providers: [ReaderRepository, SingleMailRepository, SubscriberRepository, SubscriptionRepository],
  exports: [ReaderRepository, SingleMailRepository, SubscriberRepository, SubscriptionRepository],
})
export class SubscribersModule {}
