import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import type { CompiledEdition } from '#rendering/compiled-edition.js';
import type { Variant } from '#rendering/join-variant.js';
import { greeting, resolveLocale } from '#rendering/locales.js';
import { buildPlate, wireChunks } from '#rendering/plate.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import { fillSlots, splitSlots, type SlotValues } from '#rendering/slots.js';
import { CompileCache } from './compile-cache.js';
import type { PreviewFormat } from './digest.schemas.js';
import { EditionContentRepository } from './edition-content.repository.js';
import { EditionContentService, type EditionContext } from './edition-content.service.js';
import { EditionRepository } from './edition.repository.js';
import { listIdOf } from './publication-view.js';
import { WaveService } from './selection/wave.service.js';
import { SubscriberRepository, type PreviewReader } from './subscriber.repository.js';

/** A preview as it is answered over HTTP. */
export interface Preview {
  /** With the character set. */
  contentType: string;
  body: string | Buffer;
}

/** A mail of an edition, complete, with links that do nothing. */
export interface RenderedEdition {
  subject: string;
  html: string;
  text: string;
  locale: string;
  warnings: string[];
}

/** Who a preview is for when no subscriber is named. RFC 2606 keeps the domain from ever being someone's. */
const SAMPLE_READER: PreviewReader = { id: null, email: 'reader@example.org', name: null, locale: null };
/** Stands where a reader's token would: no token looks like it, so a click finds a page that explains, not an action. */
const NO_TOKEN = 'preview';

/** What a preview is put together from. */
interface Shown {
  locale: string;
  articleIds: string[];
  more: boolean;
  frozen: CompiledEdition | undefined;
}

/** Shows editions as readers will get them, without a link that works on anybody's subscription. */
@Injectable()
export class EditionPreviewService {
  private readonly cache = new CompileCache();

  constructor(
    private readonly database: Database,
    private readonly content: EditionContentService,
    private readonly contents: EditionContentRepository,
    private readonly editions: EditionRepository,
    private readonly subscribers: SubscriberRepository,
    private readonly waves: WaveService,
    private readonly renderer: LookRenderer,
    private readonly clock: Clock,
  ) {}

  /**
   * An edition in one format: what is frozen if it is, else compiled now of what would be sent.
   * @param subscriberId shown in this subscriber's language and with their name
   * @throws DomainError `not_found`; `invalid_input` when the template or the subject fails
   */
  async preview(editionId: string, format: PreviewFormat, subscriberId?: string): Promise<Preview> {
    const context = await this.content.context(editionId);
    const reader = await this.readerOf(context, subscriberId);
    switch (format) {
      case 'html':
        return {
          contentType: 'text/html; charset=utf-8',
          body: (await this.prepared(context, reader)).html,
        };
      case 'text':
        return {
          contentType: 'text/plain; charset=utf-8',
          body: (await this.prepared(context, reader)).text,
        };
      case 'mjml':
        return { contentType: 'text/plain; charset=utf-8', body: await this.mjml(context, reader) };
      case 'eml':
        return { contentType: 'message/rfc822', body: await this.eml(context, reader) };
    }
  }

  /** The whole mail with its slots filled, for a test send. Errors as {@link preview}. */
  async render(editionId: string, subscriberId?: string): Promise<RenderedEdition> {
    const context = await this.content.context(editionId);
    return this.prepared(context, await this.readerOf(context, subscriberId));
  }

  private async prepared(context: EditionContext, reader: PreviewReader): Promise<RenderedEdition> {
    const locale = localeOf(context, reader);
    const { subject, html, text, warnings } = await this.variantOf(context, reader, locale);
    const values = slotValues(context, reader, locale);
    return {
      ...{ subject, locale, warnings },
      html: fillSlots(splitSlots(html), values, 'html'),
      text: fillSlots(splitSlots(text), values, 'text'),
    };
  }

  private async mjml(context: EditionContext, reader: PreviewReader): Promise<string> {
    const { locale, articleIds } = await this.contentsFor(context, reader);
    return this.renderer.mjml(await this.content.inputFor(context, locale, articleIds));
  }

  private async eml(context: EditionContext, reader: PreviewReader): Promise<Buffer> {
    const { digest, edition, publication } = context;
    const locale = localeOf(context, reader);
    const { subject, html, text } = await this.variantOf(context, reader, locale);
    const plate = buildPlate({
      from: { name: publication.senderName, address: publication.senderEmail },
      replyTo: publication.replyTo,
      ...{ subject, html, text },
      list: true,
      listId: listIdOf(digest, publication),
      date: edition.startedAt ?? this.clock.now(),
    });
    const messageId = `<preview.${edition.id}@${publication.senderEmail.split('@').at(-1)}>`;
    const values = slotValues(context, reader, locale);
    const to = { name: reader.name, address: reader.email };
    return Buffer.concat(wireChunks(plate.stamp({ to, messageId, values })));
  }

  private async variantOf(context: EditionContext, reader: PreviewReader, locale: string): Promise<Variant> {
    const { articleIds, more, frozen } = await this.contentsFor(context, reader);
    const compiled = frozen ?? (await this.compiled(context, locale, articleIds));
    return this.renderer.variant(compiled, articleIds, { more });
  }

  private async compiled(
    context: EditionContext,
    locale: string,
    articleIds: readonly string[],
  ): Promise<CompiledEdition> {
    const input = await this.content.inputFor(context, locale, articleIds);
    return this.cache.get(input, (wanted) => this.renderer.compile(wanted));
  }

  /** What this reader got; or what was frozen of it; or else what could be sent at its time. */
  private async contentsFor(context: EditionContext, reader: PreviewReader): Promise<Shown> {
    const { edition, digest } = context;
    const { db } = this.database;
    const locale = localeOf(context, reader);
    const got = reader.id ? await this.contents.variantFor(db, edition.id, reader.id) : undefined;
    if (got) return { ...got, frozen: await this.content.load(got.contentId) };
    const now = this.clock.now();
    const at = edition.sendAt && edition.sendAt > now ? edition.sendAt : now;
    const frozen = await this.contents.latest(db, edition.id, locale);
    if (frozen) {
      const articleIds = frozen.fragments.map((fragment) => fragment.articleId);
      return { locale, articleIds, more: false, frozen };
    }
    const articleIds =
      edition.selection === 'auto'
        ? await this.waves.proposal(db, digest, at)
        : await this.editions.publicArticleIdsOf(db, edition.id, at);
    return { locale, articleIds, more: false, frozen: undefined };
  }

  private async readerOf({ publication }: EditionContext, subscriberId?: string): Promise<PreviewReader> {
    if (subscriberId === undefined) return SAMPLE_READER;
    const reader = isId(subscriberId)
      ? await this.subscribers.findReader(this.database.db, publication.id, subscriberId)
      : undefined;
    if (!reader) throw notFound('subscriber');
    return reader;
  }
}

function localeOf({ publication }: EditionContext, reader: PreviewReader): string {
  return resolveLocale(reader.locale, publication.locale);
}

function slotValues({ publication }: EditionContext, reader: PreviewReader, locale: string): SlotValues {
  const baseUrl = publication.baseUrl.replace(/\/+$/, '');
  return {
    greeting: greeting(locale, reader.name),
    unsubscribeUrl: `${baseUrl}/unsubscribe/${NO_TOKEN}`,
    preferencesUrl: `${baseUrl}/preferences/${NO_TOKEN}`,
    address: reader.email,
  };
}
