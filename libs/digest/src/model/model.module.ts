import { Module } from '@nestjs/common';
import { DigestRepository } from './digest.repository.js';
import { EditionRepository } from './edition.repository.js';
import { SlotRepository } from './slot.repository.js';
import { WaveRepository } from './wave.repository.js';

/** Rows and rules of digests, editions, slots and waves. */
@Module({
  providers: [DigestRepository, EditionRepository, SlotRepository, WaveRepository],
  exports: [DigestRepository, EditionRepository, SlotRepository, WaveRepository],
})
export class DigestModelModule {}
