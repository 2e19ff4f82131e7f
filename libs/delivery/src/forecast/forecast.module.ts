import { Module } from '@nestjs/common';
import { DigestModelModule } from '#digest/model/model.module.js';
import { ForecastTick } from './forecast-tick.js';
import { ExpectedEndsModule } from './expected-ends.module.js';

/** Whether an edition will be in time. */
@Module({
  imports: [DigestModelModule, ExpectedEndsModule],
  providers: [ForecastTick],
})
export class ForecastModule {}
