import { Module } from '@nestjs/common';
import { ConsentModule } from '../consent/consent.module.js';
import { MeasuredReaderRepository } from './measured-reader.repository.js';
import { Measurement } from './measurement.js';

/** Who agreed to be measured, and what is stored of them. */
@Module({
  imports: [ConsentModule],
  providers: [MeasuredReaderRepository, Measurement],
  exports: [MeasuredReaderRepository, Measurement],
})
export class MeasurementModule {}
