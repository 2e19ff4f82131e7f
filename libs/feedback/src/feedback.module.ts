import { Module } from '@nestjs/common';
import { ActingModule } from './acting/acting.module.js';
import { AlarmsModule } from './alarms/alarms.module.js';
import { ClicksModule } from './clicks/clicks.module.js';
import { DeliverabilityModule } from './deliverability/deliverability.module.js';
import { HooksModule } from './intake/hooks/hooks.module.js';
import { WaysModule } from './intake/ways.module.js';
import { NumbersModule } from './numbers/numbers.module.js';

const rooms = [
  ActingModule,
  AlarmsModule,
  ClicksModule,
  DeliverabilityModule,
  HooksModule,
  NumbersModule,
  WaysModule,
];

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: rooms, exports: rooms })
export class FeedbackModule {}
