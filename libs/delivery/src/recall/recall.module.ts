import { Module } from '@nestjs/common';
import { RecallModule as DigestRecallModule } from '#digest/recall/recall.module.js';
import { Recall } from './recall.js';
import { RecalledRowsRepository } from './recalled-rows.repository.js';

/** What was taken back leaves what waits. */
@Module({
  imports: [DigestRecallModule],
  providers: [Recall, RecalledRowsRepository],
  exports: [Recall],
})
export class DeliveryRecallModule {}
