import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { DigestClockModule } from '#digest/clock/clock.module.js';
import { AlarmGauge } from './alarm-gauge.js';
import { AlarmRepository } from './alarm.repository.js';
import { AlarmTick } from './alarm.tick.js';
import { AlarmWebhook } from './alarm-webhook.js';
import { Alarms } from './alarms.js';
import { Watch } from './watch.js';
import { WorldRepository } from './world.repository.js';

/** What operators are to look at. */
@Module({
  imports: [DigestClockModule, PublicationModule],
  providers: [AlarmGauge, AlarmRepository, AlarmTick, AlarmWebhook, Alarms, Watch, WorldRepository],
  exports: [AlarmGauge, Alarms],
})
export class AlarmsModule {}
