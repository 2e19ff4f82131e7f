import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import { Database } from '#database/database.js';
import type { SkipOrSend } from '#database/schema/index.js';
import { Config } from '#kernel/config/config.js';
import { accountLinkUrl, type AccountLinkPurpose } from '#kernel/crypto/account-links.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { notFound } from '#kernel/errors/errors.js';
import { resolveLocale } from '#rendering/template/locales.js';
import type { AlarmWords, OperatorMailKind } from '#rendering/mail/operator-mail.js';
import { wordsOfAlarm, type AlarmNotice } from './alarm-notice.js';
import { DigestRepository } from '../model/digest.repository.js';
import { EditionRepository } from '../model/edition.repository.js';
import { SlotRepository } from '../model/slot.repository.js';

/** What a mail to those who may decide says. */
export interface OperatorNotice {
  digestName: string;
  /** In words and in the digest's zone. */
  at: string;
  titles: string[];
  /** Where it is decided. */
  actionUrl: string;
  otherwise?: SkipOrSend;
  /** What happened, with the server's words. */
  reason?: string;
  alarm?: AlarmWords;
}

/** A mail's payload and edition, as {@link OperatorNotices} wrote them. */
interface About {
  payload: Record<string, unknown>;
  editionId: string | null;
}

/** Finds what a notice is about: its mail only has ids. */
@Injectable()
export class NoticeContent {
  constructor(
    private readonly database: Database,
    private readonly digests: DigestRepository,
    private readonly editions: EditionRepository,
    private readonly slots: SlotRepository,
    private readonly articles: ArticleService,
    private readonly signer: TokenSigner,
    private readonly config: Config,
  ) {}

  /** @throws DomainError `not_found` when the slot or its digest is gone */
  async of(publication: Publication, kind: OperatorMailKind, about: About): Promise<OperatorNotice> {
    switch (kind) {
      case 'approval-wanted':
      case 'slot-held':
        return this.ofSlot(publication, kind, about);
      case 'edition-paused':
      case 'domain-rested':
        return this.ofEdition(publication, about);
      case 'alarm':
        return this.ofAlarm(publication, about.payload as unknown as AlarmNotice);
      case 'invitation':
        return this.ofLink(publication, 'invitation', about);
      case 'password-reset':
        return this.ofLink(publication, 'reset', about);
      case 'first-mail':
        return this.ofAccount(publication, about.payload['at'] as string, this.adminUrl(publication, ''));
    }
  }

  /** Its token is made here: what waits in the outbox opens nothing. */
  private ofLink(
    publication: Publication,
    purpose: AccountLinkPurpose,
    { payload }: Pick<About, 'payload'>,
  ): OperatorNotice {
    const { linkId, until } = payload as { linkId: string; until: string };
    const url = accountLinkUrl(this.signer, this.base(publication), purpose, linkId);
    return this.ofAccount(publication, until, url);
  }

  private ofAccount({ name, timeZone, locale }: Publication, at: string, actionUrl: string): OperatorNotice {
    return { digestName: name, at: inWords(new Date(at), timeZone, locale, true), titles: [], actionUrl };
  }

  private ofAlarm(publication: Publication, notice: AlarmNotice): OperatorNotice {
    const { timeZone, locale } = publication;
    const spoken = (at: string) => inWords(new Date(at), timeZone, locale, true);
    return {
      digestName: notice.name,
      at: spoken(notice.since),
      titles: [],
      actionUrl: this.adminUrl(publication, notice.path),
      alarm: wordsOfAlarm(notice, resolveLocale(locale), spoken),
      ...(notice.reason ? { reason: notice.reason } : {}),
    };
  }

  private async ofEdition(publication: Publication, { payload, editionId }: About): Promise<OperatorNotice> {
    const { digestId, reason, at } = payload as { digestId: string; reason: string; at: string };
    const digest = await this.digests.findById(this.database.db, publication.id, digestId);
    if (!digest) throw notFound('digest');
    return {
      digestName: digest.name,
      at: inWords(new Date(at), publication.timeZone, publication.locale, true),
      titles: [],
      actionUrl: this.adminUrl(publication, `editions/${editionId}`),
      reason,
    };
  }

  private async ofSlot(
    publication: Publication,
    kind: 'approval-wanted' | 'slot-held',
    about: About,
  ): Promise<OperatorNotice> {
    const { db } = this.database;
    const slot = await this.slots.findById(db, publication.id, about.payload['slotId'] as string);
    const digest = slot && (await this.digests.findById(db, publication.id, slot.digestId));
    if (!digest) throw notFound('slot');
    const edition = about.editionId ? await this.editions.findById(db, about.editionId) : undefined;
    const ids = edition ? ((await this.editions.articleIdsOf(db, [edition.id])).get(edition.id) ?? []) : [];
    const zone = slot.local && kind === 'slot-held' ? 'UTC' : (digest.timeZone ?? publication.timeZone);
    const at = kind === 'slot-held' ? slot.at : (edition?.sendAt ?? slot.at);
    const path = edition ? `editions/${edition.id}` : `digests/${digest.id}`;
    return {
      digestName: digest.name,
      at: inWords(at, zone, publication.locale, !(slot.local && kind === 'slot-held')),
      titles: (await this.articles.details(publication, ids)).map(({ title }) => title),
      actionUrl: this.adminUrl(publication, path),
      ...(kind === 'approval-wanted' ? { otherwise: digest.withoutApproval } : {}),
    };
  }

  /** Where it is decided is the server's word, not a setting's. */
  private adminUrl(publication: Publication, path: string): string {
    return `${this.base(publication)}/admin/${path}`.replace(/\/+$/, '');
  }

  private base({ baseUrl }: Publication): string {
    return (this.config.baseUrlGiven ? this.config.baseUrl : baseUrl).replace(/\/+$/, '');
  }
}

/** @param showZone false: it is what every reader's own clock shows */
function inWords(at: Date, timeZone: string, locale: string, showZone: boolean): string {
  return new Intl.DateTimeFormat(resolveLocale(locale), {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(showZone ? { timeZoneName: 'short' } : {}),
  }).format(at);
}
