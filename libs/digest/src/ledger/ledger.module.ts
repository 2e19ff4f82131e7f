import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { DigestOperatorModule } from '../operator/operator.module.js';
import { EditionDeliveriesRepository } from './edition-deliveries.repository.js';
import { EditionDeliveries } from './edition-deliveries.service.js';
import { EditionOutcomesRepository } from './edition-outcomes.repository.js';

/** What became of an edition's messages, for operators to read. */
@Module({
  imports: [DigestOperatorModule, PublicationModule],
  providers: [EditionDeliveries, EditionDeliveriesRepository, EditionOutcomesRepository],
  exports: [EditionDeliveries],
})
export class LedgerModule {}
