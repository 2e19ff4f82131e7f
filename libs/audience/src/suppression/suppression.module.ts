import { Module } from '@nestjs/common';
import { PublicationModule } from '../publication/publication.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { AddressHasher } from './address-hasher.js';
import { InstallationSecretRepository } from './installation-secret.repository.js';
import { RestsTick } from './rests.tick.js';
import { SuppressionRepository } from './suppression.repository.js';
import { SuppressionService } from './suppression.service.js';

/** Addresses that get nothing. */
@Module({
  imports: [PublicationModule, SubscribersModule],
  providers: [
    AddressHasher,
    InstallationSecretRepository,
    RestsTick,
    SuppressionRepository,
    SuppressionService,
  ],
  exports: [AddressHasher, SuppressionRepository, SuppressionService],
})
export class SuppressionModule {}
