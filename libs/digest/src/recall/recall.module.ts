import { Module } from '@nestjs/common';
import { RecallRepository } from './recall.repository.js';

/** What was taken back. */
@Module({
  providers: [RecallRepository],
  exports: [RecallRepository],
})
export class RecallModule {}
