import { Module } from '@nestjs/common';
import { ClicksModule } from './clicks/clicks.module.js';

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: [ClicksModule], exports: [ClicksModule] })
export class FeedbackModule {}
