import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { DigestClockModule } from '#digest/clock/clock.module.js';
import { DigestPreviewModule } from '#digest/preview/preview.module.js';
import { MailCompiler } from '#rendering/mail/mail-compiler.js';
import { MailRenderer, RenderingModule } from '#rendering/rendering.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { MailSender } from './mail-sender.js';
import { MailReaderRepository } from './mail-reader.repository.js';
import { SendMailProcessor } from './send-mail.processor.js';
import { SingleMails } from './single-mails.js';

/** Single mails. */
@Module({
  imports: [
    DigestClockModule,
    DigestPreviewModule,
    MessagesModule,
    PublicationModule,
    RoutesModule,
    RenderingModule,
  ],
  providers: [
    MailReaderRepository,
    MailSender,
    SendMailProcessor,
    SingleMails,
    {
      provide: MailCompiler,
      inject: [MailRenderer],
      useFactory: (renderer: MailRenderer) => new MailCompiler(renderer),
    },
  ],
  exports: [MailSender],
})
export class OutboxModule {}
