import { Module } from '@nestjs/common';
import { PaceRepository } from './pace.repository.js';
import { SendingLimits } from './sending-limits.js';

/** How fast. */
@Module({
  providers: [PaceRepository, SendingLimits],
  exports: [PaceRepository, SendingLimits],
})
export class LimitsModule {}
