import { Module } from '@nestjs/common';
import { ReaderModule } from '../reader/reader.module.js';
import { MailboxController } from './mailbox.controller.js';
import { MailboxRepository } from './mailbox.repository.js';

/** The mails of an installation that has no way out yet. */
@Module({ imports: [ReaderModule], controllers: [MailboxController], providers: [MailboxRepository] })
export class MailboxModule {}
