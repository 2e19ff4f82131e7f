import { Module } from '@nestjs/common';
import { SubscribersModule } from '#audience/subscribers/subscribers.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { DigestContentModule } from '../content/content.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { CandidateRepository } from './candidate.repository.js';
import { SelectionRepository } from './selection.repository.js';
import { FrozenWaves } from './frozen-waves.js';
import { WaveService } from './wave.service.js';

/** Who gets what. */
@Module({
  imports: [DigestContentModule, DigestModelModule, RenderingModule, SubscribersModule],
  providers: [CandidateRepository, FrozenWaves, SelectionRepository, WaveService],
  exports: [CandidateRepository, FrozenWaves, SelectionRepository, WaveService],
})
export class SelectionModule {}
