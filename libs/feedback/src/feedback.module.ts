import { Module } from '@nestjs/common';
import { ActingModule } from './acting/acting.module.js';
import { WaysModule } from './intake/ways.module.js';

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: [ActingModule, WaysModule], exports: [ActingModule, WaysModule] })
export class FeedbackModule {}
