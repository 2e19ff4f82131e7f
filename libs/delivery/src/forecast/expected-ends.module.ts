import { Module } from '@nestjs/common';
import { ExpectedEnds } from './expected-end.js';
import { ForecastRepository } from './forecast.repository.js';

/** How long sending takes, for those who only ask. */
@Module({
  providers: [ExpectedEnds, ForecastRepository],
  exports: [ExpectedEnds, ForecastRepository],
})
export class ExpectedEndsModule {}
