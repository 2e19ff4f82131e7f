import { Module } from '@nestjs/common';
import { ChoiceRepository } from './choice.repository.js';
import { Choices } from './choices.js';

/** What readers want of a digest. */
@Module({
  providers: [ChoiceRepository, Choices],
  exports: [ChoiceRepository, Choices],
})
export class ChoicesModule {}
