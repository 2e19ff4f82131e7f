import { Module } from '@nestjs/common';
import { MessagesModule } from '#delivery/messages/messages.module.js';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { ActingModule } from '../acting/acting.module.js';
import { AlarmsModule } from '../alarms/alarms.module.js';
import { IngestQueue } from './ingest-queue.js';
import { MailboxMails } from './mailbox/mailbox-mails.js';
import { MailboxReader } from './mailbox/mailbox-reader.js';
import { UnreadMails } from './mailbox/unread-mails.js';
import { Receiver } from './receiver.js';
import { WaysModule } from './ways.module.js';

/** The ways in that the worker keeps open: a receiver, and a mailbox that is read. */
@Module({
  imports: [ActingModule, AlarmsModule, MessagesModule, PublicationModule, WaysModule],
  providers: [IngestQueue, MailboxMails, MailboxReader, Receiver, UnreadMails],
  exports: [Receiver],
})
export class IntakeModule {}
