import { Module } from '@nestjs/common';
import { AlarmsModule } from './alarms/alarms.module.js';

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: [AlarmsModule], exports: [AlarmsModule] })
export class FeedbackModule {}
