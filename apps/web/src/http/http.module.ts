import { Module } from '@nestjs/common';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { MailboxDoor } from './mailbox-door.js';
import { SignUpLimiter } from './sign-up-limiter.js';

/** What several parts of the site ask of a request. */
@Module({
  imports: [TransportsModule],
  providers: [MailboxDoor, SignUpLimiter],
  exports: [MailboxDoor, SignUpLimiter],
})
export class HttpModule {}
