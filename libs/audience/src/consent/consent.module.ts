import { Module } from '@nestjs/common';
import { PublicationModule } from '../publication/publication.module.js';
import { ConsentLedger } from './consent-ledger.js';
import { ConsentSealRepository } from './consent-seal.repository.js';
import { ConsentSealTick } from './consent-seal.tick.js';
import { ConsentSealer } from './consent-sealer.js';
import { ConsentVerifier } from './consent-verifier.js';
import { ConsentRepository } from './consent.repository.js';

/** The ledger of consent, its seals and their proof. */
@Module({
  imports: [PublicationModule],
  providers: [
    ConsentLedger,
    ConsentSealRepository,
    ConsentSealTick,
    ConsentSealer,
    ConsentVerifier,
    ConsentRepository,
  ],
  exports: [ConsentLedger, ConsentRepository, ConsentVerifier],
})
export class ConsentModule {}
