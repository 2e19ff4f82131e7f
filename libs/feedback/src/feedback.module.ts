import { Module } from '@nestjs/common';
import { NumbersModule } from './numbers/numbers.module.js';

const rooms = [NumbersModule];

/** What comes back from a mail: returns, clicks, numbers, alarms. */
@Module({ imports: rooms, exports: rooms })
export class FeedbackModule {}
