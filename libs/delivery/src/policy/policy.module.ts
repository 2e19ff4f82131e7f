import { Module } from '@nestjs/common';
import { DigestClockModule } from '#digest/clock/clock.module.js';
import { PolicyBreaker } from './policy-breaker.js';
import { PolicyRepository } from './policy.repository.js';

/** Refusals for policy. */
@Module({
  imports: [DigestClockModule],
  providers: [PolicyBreaker, PolicyRepository],
  exports: [PolicyBreaker, PolicyRepository],
})
export class PolicyModule {}
