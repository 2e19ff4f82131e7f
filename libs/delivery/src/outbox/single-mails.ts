import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import type { OutboxKind } from '#database/schema/index.js';
import { EditionPreviewService } from '#digest/preview/edition-preview.service.js';
import { Clock } from '#kernel/clock.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { NoticeContent } from '#digest/clock/notice-content.js';
import {
  MailCompiler,
  type MailKind,
  type OperatorMailKind,
  type SingleMail,
} from '#rendering/mail/mail-compiler.js';
import { resolveLocale } from '#rendering/template/locales.js';
import { buildPlate } from '#rendering/wire/plate.js';
import { mailMessageId } from '#kernel/message-id.js';
import { ReturnPaths } from '../messages/return-paths.js';
import { confirmUrlOf, readerLinks } from '../messages/message-values.js';
import { MailReaderRepository, type AddressedMail } from './mail-reader.repository.js';
import type { OutgoingMessage } from '../smtp/transport.js';

/** A message that is ready but for what depends on who signs it. */
export type ComposedMail = (signedBy: readonly string[]) => OutgoingMessage;

/** Mails whose link makes an operator of whoever has it, or signs in as one. */
const OPENS_ACCOUNT: ReadonlySet<OutboxKind> = new Set(['invitation', 'password-reset']);

/** Renders the outbox's mails. */
@Injectable()
export class SingleMails {
  constructor(
    private readonly publications: PublicationService,
    private readonly readers: MailReaderRepository,
    private readonly compiler: MailCompiler,
    private readonly previews: EditionPreviewService,
    private readonly notices: NoticeContent,
    private readonly signer: TokenSigner,
    private readonly returnPaths: ReturnPaths,
    private readonly clock: Clock,
  ) {}

  /**
   * @param email whom to; the mail's own address or its subscriber's
   * @returns the message by the domains that sign it, which the route decides
   */
  async compose(mail: AddressedMail, email: string): Promise<ComposedMail> {
    const publication = await this.publications.current();
    const { subject, html, text } = await this.contentOf(mail, email, publication);
    const plate = buildPlate({
      from: { name: publication.senderName, address: publication.senderEmail },
      replyTo: publication.replyTo,
      subject,
      html,
      text,
      list: false,
      listId: null,
      date: this.clock.now(),
    });
    const messageId = mailMessageId(mail.id, publication.senderEmail);
    return (signedBy) => {
      // An operator who calls a notice spam is no reader who complains.
      const isReportable = mail.subscriberId !== null && this.returnPaths.mayReport(publication, signedBy);
      const { returnPath, complaint } = this.returnPaths.ofMail(publication, mail.id, isReportable);
      const stamp = { to: { name: mail.name ?? '', address: email }, messageId, values: {}, complaint };
      return {
        from: returnPath,
        to: email,
        messageId,
        subject,
        opensAccount: OPENS_ACCOUNT.has(mail.kind),
        stamp: (form) => plate.stamp(stamp, form),
      };
    };
  }

  private contentOf(mail: AddressedMail, email: string, publication: Publication): Promise<SingleMail> {
    switch (mail.kind) {
      case 'edition-test':
        return this.editionTest(mail);
      case 'approval-wanted':
      case 'slot-held':
      case 'edition-paused':
      case 'domain-rested':
      case 'alarm':
      case 'invitation':
      case 'password-reset':
      case 'first-mail':
        return this.operatorMail(mail, mail.kind, email, publication);
      case 'confirmation':
      case 'welcome':
      case 'unsubscribed':
      case 'already-subscribed':
      case 'preferences-link':
        return this.readerMail(mail, mail.kind, email, publication);
    }
  }

  private async operatorMail(
    mail: AddressedMail,
    kind: OperatorMailKind,
    address: string,
    publication: Publication,
  ): Promise<SingleMail> {
    const notice = await this.notices.of(publication, kind, mail);
    const data = { address, ...notice };
    return this.compiler.compile(kind, { locale: publication.locale, publication, data });
  }

  private async readerMail(mail: AddressedMail, kind: MailKind, email: string, publication: Publication) {
    const subscriberId = mail.subscriberId as string;
    return this.compiler.compile(kind, {
      locale: resolveLocale(mail.locale, publication.locale),
      publication,
      data: {
        address: email,
        name: mail.name,
        requested: await this.readers.digestNames(subscriberId),
        confirmUrl: confirmUrlOf(this.signer, publication.baseUrl, subscriberId, this.clock.now()),
        ...readerLinks(this.signer, publication.baseUrl, subscriberId, this.clock.now()),
      },
    });
  }

  private async editionTest(mail: AddressedMail) {
    const rendered = await this.previews.render(mail.editionId as string);
    return { ...rendered, subject: `[Test] ${rendered.subject}` };
  }
}
