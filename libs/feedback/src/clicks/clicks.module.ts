import { Module } from '@nestjs/common';
import { MeasurementModule } from '#audience/measurement/measurement.module.js';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { ClickCounter } from './click-counter.js';
import { ClickNumbers } from './click-numbers.js';
import { ClickRepository } from './click.repository.js';
import { LinkTargets } from './link-targets.js';

/** Where links lead, and how many people followed them. */
@Module({
  imports: [MeasurementModule, PublicationModule],
  providers: [ClickCounter, ClickNumbers, ClickRepository, LinkTargets],
  exports: [ClickCounter, ClickNumbers, LinkTargets],
})
export class ClicksModule {}
