import { Module } from '@nestjs/common';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { BeforeChange } from './writes/before-change.js';
import { MailboxDoor } from './mailbox-door.js';
import { SignUpLimiter } from './sign-up-limiter.js';

/** What several parts of the site ask of a request. */
@Module({
  imports: [TransportsModule],
  providers: [BeforeChange, MailboxDoor, SignUpLimiter],
  exports: [BeforeChange, MailboxDoor, SignUpLimiter],
})
export class HttpModule {}
