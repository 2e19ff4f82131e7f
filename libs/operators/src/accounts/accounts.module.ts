import { Module } from '@nestjs/common';
import { GuessLimiter } from './guess-limiter.js';
import { OperatorService } from './operator.service.js';

/** People, passwords, guesses. */
@Module({
  providers: [GuessLimiter, OperatorService],
  exports: [GuessLimiter, OperatorService],
})
export class AccountsModule {}
