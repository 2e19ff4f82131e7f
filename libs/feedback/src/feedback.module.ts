import { Module } from '@nestjs/common';
import { ActingModule } from './acting/acting.module.js';
import { HooksModule } from './intake/hooks/hooks.module.js';

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: [ActingModule, HooksModule], exports: [ActingModule, HooksModule] })
export class FeedbackModule {}
