import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { liquidFor } from '#rendering/template/liquid.js';
import { formatDate, translate } from '#rendering/template/locales.js';
import { pageLocale } from './page-locale.js';
import { PageCache } from './page-cache.js';
import { layoutScope, type PageModel } from './page-layout.js';

/** What every page needs to know before it can be written. */
export interface PageContext {
  publication: Publication;
  /** The language of the page. */
  locale: string;
  /** Asked for by `?lang=`, so links within the site keep it. */
  isLocaleForced: boolean;
  /** Path and query of the request. */
  url: string;
}

/** Writes pages: `templates/pages/NAME.liquid` in the layout of the site. */
@Injectable()
export class Pages {
  constructor(
    private readonly publications: PublicationService,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly cache: PageCache,
  ) {}

  /**
   * @param readerLocale the language of the reader a link was made for
   * @param formLocale the language of the form that was posted
   */
  async context(
    request: FastifyRequest,
    readerLocale?: string | null,
    formLocale?: unknown,
  ): Promise<PageContext> {
    const publication = await this.publications.current();
    const asked = (request.query as { lang?: unknown } | undefined)?.lang;
    const override = formLocale ?? asked;
    const wishes = { override, reader: readerLocale, acceptLanguage: request.headers['accept-language'] };
    return {
      publication,
      locale: pageLocale(wishes, publication.locale),
      isLocaleForced: typeof asked === 'string' && asked !== '',
      url: targetOf(request.url),
    };
  }

  /** @returns the HTML document */
  render(context: PageContext, template: string, model: PageModel): string {
    const layout = layoutScope(context, model, this.clock.now(), this.config.baseUrl);
    return liquidFor('pages', 'html').renderFileSync(`${template}.liquid`, { ...layout, ...model }) as string;
  }

  /**
   * Sends a page that is the same for everyone, from the cache while nothing of it has changed. The model must hold all
   * that the template shows.
   */
  async sendShared(
    request: FastifyRequest,
    reply: FastifyReply,
    context: PageContext,
    template: string,
    model: PageModel,
  ): Promise<void> {
    const { publication, locale, isLocaleForced, url } = context;
    const today = formatDate(locale, this.clock.now(), publication.timeZone); // in the head of every page
    await this.cache.send(request, reply, {
      facts: [template, publication, locale, isLocaleForced, url.split('?')[0], today, model],
      compose: () => this.render(context, template, model),
    });
  }

  /** A text of the page's language. */
  text(context: PageContext, key: string, vars: Record<string, string | number> = {}): string {
    return translate(context.locale, `pages.${key}`, vars);
  }
}

/** What was asked for, as it may stand in a link: a path of ours, whatever the request's target named before it (RFC 9112 §3.2.2). */
function targetOf(url: string): string {
  const withinSite = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split('#', 1)[0] as string;
  return `/${withinSite.replace(/^\/+/, '')}`;
}
