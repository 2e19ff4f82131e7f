import { Module } from '@nestjs/common';
import { ForecastTick } from './forecast-tick.js';
import { ForecastRepository } from './forecast.repository.js';

/** Whether an edition will be in time. */
@Module({
  providers: [ForecastTick, ForecastRepository],
})
export class ForecastModule {}
