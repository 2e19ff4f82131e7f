import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { AlertRepository } from './alert.repository.js';
import { AlertService } from './alert.service.js';
import { AlertTick } from './alert.tick.js';

/** Breaking news. */
@Module({
  imports: [DigestModelModule, PublicationModule],
  providers: [AlertRepository, AlertService, AlertTick],
  exports: [AlertService],
})
export class AlertsModule {}
