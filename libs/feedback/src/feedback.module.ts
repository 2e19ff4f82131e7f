import { Module } from '@nestjs/common';

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: [] })
export class FeedbackModule {}
