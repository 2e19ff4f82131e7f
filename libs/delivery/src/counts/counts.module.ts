import { Module } from '@nestjs/common';
import { EditionCountRepository } from './edition-count.repository.js';
import { EditionCountTick } from './edition-count.tick.js';

/** What is counted of deliveries while they are worked off. */
@Module({ providers: [EditionCountRepository, EditionCountTick], exports: [EditionCountRepository] })
export class DeliveryCountsModule {}
