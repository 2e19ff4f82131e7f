import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { AlarmsModule } from '../alarms/alarms.module.js';
import { DeliverabilityService } from './deliverability.service.js';
import { ReportedSourceRepository } from './sources/reported-source.repository.js';
import { ReportedSources } from './sources/reported-sources.js';
import { PublishedRecordRepository } from './watch/published-record.repository.js';
import { RecordChanges } from './watch/record-changes.js';
import { RecordTick } from './watch/record.tick.js';

/** What receivers see of us. */
@Module({
  imports: [AlarmsModule, PublicationModule, TransportsModule],
  providers: [
    DeliverabilityService,
    PublishedRecordRepository,
    RecordChanges,
    RecordTick,
    ReportedSourceRepository,
    ReportedSources,
  ],
  exports: [DeliverabilityService, ReportedSources],
})
export class DeliverabilityModule {}
