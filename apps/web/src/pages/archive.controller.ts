import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArchiveService, type ArchivedEdition } from '#digest/archive.service.js';
import { Config } from '#kernel/config.js';
import { formatDate, translate } from '#rendering/locales.js';
import { rssFeed } from './archive-feed.js';
import { framedEdition } from './archive-page.js';
import { rootPath } from './page-layout.js';
import { Pages, type PageContext } from './pages.js';
import { sendPage } from './reply.js';
import { isStorable, slugOf } from './storable.js';

const PAGE_SIZE = 30;
const FEED_SIZE = 30;

/** Sent editions, for everyone to read. */
@Controller('archive')
export class ArchiveController {
  private readonly root: string;

  constructor(
    private readonly pages: Pages,
    private readonly archive: ArchiveService,
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
    const html = this.pages.render(context, 'archive', {
      title: this.pages.text(context, 'archive.title'),
      canonical: `${baseUrl}/archive`,
      editions: page.data.map((edition) => this.item(edition, context)),
      nextCursor: page.nextCursor,
    });
    await sendPage(reply, html);
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
    await reply
      .header('Cache-Control', 'public, max-age=300')
      .type('application/rss+xml; charset=utf-8')
      .send(rssFeed(channel, items));
  }

  @Get(':slug')
  async edition(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('slug') slug: string,
  ): Promise<void> {
    const context = await this.pages.context(request);
    const { publication } = context;
    const signUp = `${publication.baseUrl}/subscribe`;
    const edition = await this.archive.read(
      publication,
      slugOf('edition', slug),
      context.locale,
      (locale) => ({
        greeting: translate(locale, 'mail.greeting_no_name'),
        address: translate(locale, 'pages.archive.address'),
        unsubscribeUrl: signUp,
        preferencesUrl: signUp,
        confirmUrl: signUp,
      }),
    );
    const { locale } = edition;
    const html = framedEdition(edition.html, {
      locale,
      title: `${edition.subject} · ${publication.name}`,
      publication: publication.name,
      date: edition.sentAt
        ? formatDate(locale, edition.sentAt, publication.timeZone, 'short')
        : edition.digestName,
      canonical: `${publication.baseUrl}/archive/${edition.slug}`,
      paths: { front: `${this.root}/`, archive: `${this.root}/archive`, subscribe: `${this.root}/subscribe` },
    });
    await sendPage(reply, html);
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
