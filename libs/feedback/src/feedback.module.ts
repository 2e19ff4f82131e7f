import { Module } from '@nestjs/common';
import { ActingModule } from './acting/acting.module.js';

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: [ActingModule], exports: [ActingModule] })
export class FeedbackModule {}
