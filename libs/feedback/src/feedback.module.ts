import { Module } from '@nestjs/common';
import { ActingModule } from './acting/acting.module.js';
import { AlarmsModule } from './alarms/alarms.module.js';
import { DeliverabilityModule } from './deliverability/deliverability.module.js';
import { WaysModule } from './intake/ways.module.js';

const rooms = [ActingModule, AlarmsModule, DeliverabilityModule, WaysModule];

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: rooms, exports: rooms })
export class FeedbackModule {}
