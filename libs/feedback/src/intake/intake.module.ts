import { Module } from '@nestjs/common';
import { MessagesModule } from '#delivery/messages/messages.module.js';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { ActingModule } from '../acting/acting.module.js';
import { AlarmsModule } from '../alarms/alarms.module.js';
import { IngestQueue } from './ingest-queue.js';
import { MailboxReader } from './mailbox-reader.js';
import { Receiver } from './receiver.js';
import { UnreadMails } from './unread-mails.js';
import { WaysModule } from './ways.module.js';

/** The ways in that the worker keeps open: a receiver, and a mailbox that is read. */
@Module({
  imports: [ActingModule, AlarmsModule, MessagesModule, PublicationModule, WaysModule],
  providers: [IngestQueue, MailboxReader, Receiver, UnreadMails],
  exports: [Receiver],
})
export class IntakeModule {}
