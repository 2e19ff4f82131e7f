import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { IngestService, type IncomingMail } from '../../acting/ingest.service.js';
import { Alarms } from '../../alarms/alarms.js';

/** Mails that can not be read, however often they are tried: somebody is to look at them. */
@Injectable()
export class UnreadMails {
  constructor(
    private readonly ingesting: IngestService,
    private readonly publications: PublicationService,
    private readonly alarms: Alarms,
  ) {}

  /** Notes one as `other`, and raises the alarm. Twice is the same as once. @param folder where it will be found */
  async note(mail: IncomingMail, folder: string): Promise<void> {
    const reason = `It could not be read, and lies in the folder "${folder}" of the mailbox.`;
    await this.ingesting.giveUp(mail, reason);
    const { id: publicationId } = await this.publications.current();
    const detail = { name: folder };
    await this.alarms.raise(null, {
      publicationId,
      cause: 'returned_mail_unread',
      subject: mail.way,
      detail,
    });
  }
}
