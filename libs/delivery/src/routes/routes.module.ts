import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.js';
import { TransportsModule } from '../transports/transports.module.js';
import { TransportPool } from './transport-pool.js';

/** Which transport, and when. */
@Module({
  imports: [LimitsModule, TransportsModule],
  providers: [TransportPool],
  exports: [TransportPool],
})
export class RoutesModule {}
