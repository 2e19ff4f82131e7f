import { Module } from '@nestjs/common';
import { DigestModelModule } from '#digest/model/model.module.js';
import { ForecastTick } from './forecast-tick.js';
import { ForecastRepository } from './forecast.repository.js';

/** Whether an edition will be in time. */
@Module({
  imports: [DigestModelModule],
  providers: [ForecastTick, ForecastRepository],
})
export class ForecastModule {}
