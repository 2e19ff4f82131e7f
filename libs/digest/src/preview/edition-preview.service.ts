import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import type { EditionInput } from '#rendering/edition/edition-scope.js';
import { composePlate, encodeEdition } from '#rendering/wire/encoded-edition.js';
import { asSent, asShown } from '#rendering/links/edition-links.js';
import { joinVariant, type Variant } from '#rendering/edition/join-variant.js';
import type { VariantLines } from '#rendering/edition/lines.js';
import { resolveLocale } from '#rendering/template/locales.js';
import type { Stamp } from '#rendering/wire/plate-headers.js';
import { wireChunks, type BodyForm } from '#rendering/wire/plate.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import { fillPlaceholders, splitAtPlaceholders } from '#rendering/template/placeholders.js';
import { CompileCache } from '../content/compile-cache.js';
import type { PreviewQuery } from '../model/digest.schemas.js';
import { EditionContentRepository } from '../content/edition-content.repository.js';
import { EditionContentService, type EditionContext } from '../content/edition-content.service.js';
import { linkRulesOf, withTargets } from '../content/link-rules.js';
import { editionHeaders, readerStamp } from '../content/edition-message.js';
import { EditionRepository } from '../model/edition.repository.js';
import { ExplainService } from '../explain/explain.service.js';
import { WaveService } from '../selection/wave.service.js';
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

/** An edition as nobody in particular gets it, with what it is made of. */
export interface InspectedEdition {
  context: EditionContext;
  compiled: CompiledEdition;
  articleIds: string[];
  locale: string;
  lines: VariantLines;
  html: string;
}

/** Who a preview is for when no subscriber is named. RFC 2606 keeps the domain from ever being someone's. */
const SAMPLE_READER: Readonly<PreviewReader> = {
  id: null,
  email: 'reader@example.org',
  name: null,
  locale: null,
};
/** Stands in the Message-ID where a subscriber's id would. */
const NOBODY = 'preview';
/** Stands where a reader's token would: no token looks like it, so a click finds a page that explains, not an action. */
const NO_TOKEN = 'preview';

/** Whose mail is looked at. */
interface Viewer extends PreviewReader {
  /** Articles of the variant that is looked at; null: all that the reader gets. */
  only: ReadonlySet<string> | null;
}

/** What a preview is put together from. */
interface Shown {
  locale: string;
  articleIds: string[];
  more: boolean;
  compiled: CompiledEdition;
  /** When it was frozen, or is to be. */
  at: Date;
}

/** Which articles a reader is to get. */
type Content = Omit<Shown, 'compiled'>;

/**
 * Shows editions as readers will get them, without a link that works on anybody's subscription: by the same code as it is sent, so
 * that what is shown of a frozen mail differs from it in the tokens alone.
 */
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
    private readonly explaining: ExplainService,
    private readonly renderer: LookRenderer,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * An edition in one format: what is frozen if it is, else compiled now of what would be sent. Of a subscriber: the mail that is
   * frozen for them, or that would be by what is known now.
   * @throws DomainError `not_found`; `conflict` when the subscriber gets no mail of it, saying why; `invalid_input` when the
   *   template or the subject fails
   */
  async preview(
    editionId: string,
    query: Pick<PreviewQuery, 'format'> & Partial<PreviewQuery>,
  ): Promise<Preview> {
    const { format, encoding = '7bit' } = query;
    const context = await this.content.context(editionId);
    const reader = await this.readerOf(context, query);
    switch (format) {
      case 'html':
        return {
          contentType: 'text/html; charset=utf-8',
          body: inScheme((await this.rendered(context, reader)).html, query.scheme),
        };
      case 'text':
        return {
          contentType: 'text/plain; charset=utf-8',
          body: (await this.rendered(context, reader)).text,
        };
      case 'mjml':
        return { contentType: 'text/plain; charset=utf-8', body: await this.mjml(context, reader) };
      case 'eml':
        return { contentType: 'message/rfc822', body: await this.eml(context, reader, encoding) };
    }
  }

  /** The whole mail with its placeholders filled, for a test send. Errors as {@link preview}. */
  async render(editionId: string, subscriberId?: string): Promise<RenderedEdition> {
    const context = await this.content.context(editionId);
    return this.rendered(context, await this.readerOf(context, { subscriberId }));
  }

  /** What an edition is for nobody in particular, taken apart: for checks. Errors as {@link preview}. */
  async inspect(editionId: string): Promise<InspectedEdition> {
    const context = await this.content.context(editionId);
    const { compiled, articleIds, locale } = await this.shown(context, { ...SAMPLE_READER, only: null });
    const [lines] = await this.renderer.lines(compiled, [articleIds]);
    const { html } = joinVariant(asShown(compiled), articleIds, lines as VariantLines);
    return { context, compiled: asShown(compiled), articleIds, locale, lines: lines as VariantLines, html };
  }

  private async rendered(context: EditionContext, reader: Viewer): Promise<RenderedEdition> {
    const shown = await this.shown(context, reader);
    const { compiled, articleIds, more, locale } = shown;
    const variant: Variant = await this.renderer.variant(asShown(compiled), articleIds, { more });
    const { subject, html, text, warnings } = variant;
    const { values } = stampOf(context, reader, locale);
    return {
      subject,
      locale,
      warnings,
      html: fillPlaceholders(splitAtPlaceholders(html), values, 'html'),
      text: fillPlaceholders(splitAtPlaceholders(text), values, 'text'),
    };
  }

  private async mjml(context: EditionContext, reader: Viewer): Promise<string> {
    const frozen = await this.frozenFor(context, reader);
    const { locale, articleIds } = frozen ?? (await this.contentFor(context, reader));
    return this.renderer.mjml(await this.content.inputFor(context, locale, articleIds));
  }

  private async eml(context: EditionContext, reader: Viewer, form: BodyForm): Promise<Buffer> {
    const { edition, digest, publication } = context;
    const { compiled, articleIds, more, locale, at } = await this.shown(context, reader);
    const [lines] = await this.renderer.lines(compiled, [articleIds]);
    const names = { slug: edition.slug, digestSlug: digest.slug, digestName: digest.name };
    const headers = editionHeaders(names, at, publication);
    const encoded = encodeEdition(asSent(compiled));
    const plate = composePlate(encoded, articleIds, lines as VariantLines, headers, { more });
    return Buffer.concat(wireChunks(plate.stamp(stampOf(context, reader, locale), form)));
  }

  private async shown(context: EditionContext, reader: Viewer): Promise<Shown> {
    const frozen = await this.frozenFor(context, reader);
    if (frozen) return frozen;
    const content = await this.contentFor(context, reader);
    const input = await this.content.inputFor(context, content.locale, content.articleIds);
    const compiled = await this.cache.get(input, async (wanted) => {
      const made = await this.renderer.compile(wanted);
      if (!reader.id && !reader.only) await this.keepDraft(context, content.locale, wanted, made);
      return made;
    });
    return { ...content, compiled: withTargets(compiled, linkRulesOf(context)) };
  }

  /** So that whoever sends it next need not wait. A preview does not fail for it. */
  private async keepDraft(
    context: EditionContext,
    locale: string,
    input: EditionInput,
    made: CompiledEdition,
  ): Promise<void> {
    try {
      await this.content.keepDraft(context, locale, input, made);
    } catch (error) {
      this.log.error('what a draft was compiled to could not be kept', error, {
        edition: context.edition.id,
      });
    }
  }

  /** The mail that is frozen for a reader; for nobody in particular, what was frozen last. */
  private async frozenFor(context: EditionContext, reader: Viewer): Promise<Shown | undefined> {
    const { edition } = context;
    const { db } = this.database;
    if (reader.id) {
      const got = await this.contents.variantFor(db, edition.id, reader.id);
      return got && { ...got, at: got.frozenAt, compiled: await this.content.load(got.contentId) };
    }
    const locale = localeOf(context, reader);
    const compiled = await this.contents.latest(db, edition.id, locale);
    if (!compiled) return undefined;
    const articleIds = compiled.fragments
      .map((fragment) => fragment.articleId)
      .filter((one) => isShown(reader, one));
    return { locale, articleIds, more: false, compiled, at: edition.startedAt ?? this.clock.now() };
  }

  /** What a reader would get at their time; for nobody in particular, what could be sent at the edition's. */
  private async contentFor(context: EditionContext, reader: Viewer): Promise<Content> {
    const { edition, digest } = context;
    const { db } = this.database;
    const locale = localeOf(context, reader);
    if (reader.id) return { locale, ...(await this.foretold(edition.id, reader.id)) };
    const now = this.clock.now();
    const at = edition.sendAt && edition.sendAt > now ? edition.sendAt : now;
    const articleIds =
      edition.selection === 'auto'
        ? await this.waves.proposal(db, digest, at)
        : await this.editions.publicArticleIdsOf(db, edition.id, at);
    return { locale, articleIds: articleIds.filter((one) => isShown(reader, one)), more: false, at };
  }

  private async foretold(editionId: string, subscriberId: string): Promise<Omit<Content, 'locale'>> {
    const { reader, articles, at } = await this.explaining.explain(editionId, { subscriberId });
    if (!reader.due) {
      const reason = `This subscriber gets no mail of the edition. ${reader.reason}`;
      throw new DomainError('conflict', reason, { extra: { reason: reader.code } });
    }
    const articleIds = articles.filter(({ verdict }) => verdict === 'would_send').map(({ id }) => id);
    return { articleIds, more: articles.some(({ verdict }) => verdict === 'over_maximum'), at };
  }

  private async readerOf(
    { publication }: EditionContext,
    {
      subscriberId,
      locale,
      articleIds,
    }: Partial<Pick<PreviewQuery, 'subscriberId' | 'locale' | 'articleIds'>>,
  ): Promise<Viewer> {
    if (subscriberId === undefined) {
      return {
        ...SAMPLE_READER,
        locale: locale ?? null,
        only: articleIds === undefined ? null : new Set(articleIds.split(',')),
      };
    }
    const reader = isId(subscriberId)
      ? await this.subscribers.findReader(this.database.db, publication.id, subscriberId)
      : undefined;
    if (!reader) throw notFound('subscriber');
    return { ...reader, only: null };
  }
}

/** A browser asks for what the machine is set to; whoever looks at a mail in the dark asks for its rules themselves. */
function inScheme(html: string, scheme: PreviewQuery['scheme'] = 'light'): string {
  if (scheme === 'light') return html;
  return html.replaceAll(/@media \(prefers-color-scheme: ?dark\)/g, '@media all');
}

function isShown({ only }: Viewer, articleId: string): boolean {
  return only === null || only.has(articleId);
}

function localeOf({ publication }: EditionContext, reader: PreviewReader): string {
  return resolveLocale(reader.locale, publication.locale);
}

function stampOf({ edition, publication }: EditionContext, reader: PreviewReader, locale: string): Stamp {
  const { id, email, name } = reader;
  const links = {
    unsubscribeUrl: `${publication.baseUrl}/unsubscribe/${NO_TOKEN}`,
    preferencesUrl: `${publication.baseUrl}/preferences/${NO_TOKEN}`,
  };
  return readerStamp(edition.id, { subscriberId: id ?? NOBODY, email, name }, locale, publication, links);
}
