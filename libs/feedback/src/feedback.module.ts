import { Module } from '@nestjs/common';
import { ActingModule } from './acting/acting.module.js';
import { DeliverabilityModule } from './deliverability/deliverability.module.js';

const rooms = [ActingModule, DeliverabilityModule];

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: rooms, exports: rooms })
export class FeedbackModule {}
