import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Publication } from '#audience/publication/publication.service.js';
import { ArchiveService, type ArchivedEdition, type FoundEdition } from '#digest/archive/archive.service.js';
import { Config } from '#kernel/config/config.js';
import { formatDate, translate } from '#rendering/template/locales.js';
import { rssFeed } from './archive-feed.js';
import { framedEdition } from './archive-page.js';
import { PageCache } from '../page/page-cache.js';
import { rootPath } from '../page/page-layout.js';
import { Pages, type PageContext } from '../page/pages.js';
import { isStorable, slugOf } from '../../http/storable.js';

const PAGE_SIZE = 30;
const FEED_SIZE = 30;

/** Sent editions, for everyone to read. */
@Controller('archive')
export class ArchiveController {
  private readonly root: string;

  constructor(
    private readonly pages: Pages,
    private readonly archive: ArchiveService,
    private readonly cache: PageCache,
    config: Config,
  ) {
    this.root = rootPath(config.baseUrl);
  }

  @Get()
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('before') before?: unknown,
  ): Promise<void> {
    const context = await this.pages.context(request);
    const { id, baseUrl } = context.publication;
    const page = await this.archive.list(id, PAGE_SIZE, isStorable(before) ? before : undefined);
    await this.pages.sendShared(request, reply, context, 'archive', {
      title: this.pages.text(context, 'archive.title'),
      canonical: `${baseUrl}/archive`,
      editions: page.data.map((edition) => this.item(edition, context)),
      nextCursor: page.nextCursor,
    });
  }

  @Get('feed.xml')
  async feed(@Res() reply: FastifyReply, @Req() request: FastifyRequest): Promise<void> {
    const { publication } = await this.pages.context(request);
    const { name, baseUrl, locale } = publication;
    const { data } = await this.archive.list(publication.id, FEED_SIZE);
    const channel = {
      title: name,
      url: `${baseUrl}/archive`,
      feedUrl: `${baseUrl}/archive/feed.xml`,
      description: translate(locale, 'pages.archive.intro'),
      locale,
    };
    const items = data.map(({ slug, titles, digestName, sentAt }) => ({
      title: titles[0] ?? digestName,
      url: `${baseUrl}/archive/${slug}`,
      description: titles.join(' · '),
      category: digestName,
      publishedAt: sentAt ?? new Date(0),
    }));
    void reply.header('Cache-Control', 'public, max-age=300');
    await this.cache.send(request, reply, {
      facts: ['feed', channel, items],
      compose: () => rssFeed(channel, items),
      type: 'application/rss+xml; charset=utf-8',
    });
  }

  @Get(':slug')
  async edition(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('slug') slug: string,
  ): Promise<void> {
    const { publication, locale } = await this.pages.context(request);
    const found = await this.archive.find(publication, slugOf('edition', slug), locale);
    await this.cache.send(request, reply, {
      facts: ['edition', publication, found],
      compose: () => this.framed(publication, found),
    });
  }

  /** The document of an edition, as the mails had it but for the reader's own links. */
  private async framed(publication: Publication, found: FoundEdition): Promise<string> {
    const signUp = `${publication.baseUrl}/subscribe`;
    const { locale, html, subject } = await this.archive.compose(found, (language) => ({
      greeting: translate(language, 'mail.greeting_no_name'),
      address: translate(language, 'pages.archive.address'),
      unsubscribeUrl: signUp,
      preferencesUrl: signUp,
      confirmUrl: signUp,
    }));
    return framedEdition(html, {
      locale,
      title: `${subject} · ${publication.name}`,
      publication: publication.name,
      date: found.sentAt ? formatDate(locale, found.sentAt, publication.timeZone, 'short') : found.digestName,
      canonical: `${publication.baseUrl}/archive/${found.slug}`,
      paths: { front: `${this.root}/`, archive: `${this.root}/archive`, subscribe: `${this.root}/subscribe` },
    });
  }

  private item({ slug, titles, digestName, sentAt }: ArchivedEdition, { locale, publication }: PageContext) {
    const [lead = digestName, ...others] = titles;
    return {
      path: `${this.root}/archive/${slug}`,
      lead,
      others,
      digestName,
      date: sentAt ? formatDate(locale, sentAt, publication.timeZone, 'short') : '',
      dateTime: sentAt?.toISOString() ?? '',
    };
  }
}
