import { Module } from '@nestjs/common';
import { DigestModelModule } from '#digest/model/model.module.js';
import { SelectionModule } from '#digest/selection/selection.module.js';
import { ResendRepository } from './resend.repository.js';
import { ResendService } from './resend.service.js';

/** What failed, sent again. */
@Module({
  imports: [DigestModelModule, SelectionModule],
  providers: [ResendRepository, ResendService],
  exports: [ResendService],
})
export class ResendModule {}
