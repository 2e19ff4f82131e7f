import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TermsService, type Terms } from '#audience/publication/terms.service.js';
import { notFound } from '#kernel/errors/errors.js';
import { direction, formatDate } from '#rendering/template/locales.js';
import { Pages, type PageContext } from '../page/pages.js';
import { sendPage } from '../../http/reply.js';
import { termsView } from './terms-view.js';

/** The terms in force and every earlier version: what a reader agreed to stays readable. */
@Controller('terms')
export class TermsController {
  constructor(
    private readonly pages: Pages,
    private readonly terms: TermsService,
  ) {}

  @Get()
  async current(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = await this.pages.context(request);
    const terms = await this.terms.current(asked(request) ?? context.locale);
    await sendPage(reply, this.page(context, terms, terms));
  }

  @Get(':version')
  async version(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('version') version: string,
  ): Promise<void> {
    if (!/^\d{1,9}$/.test(version)) throw notFound('version of the terms');
    const context = await this.pages.context(request);
    const wanted = asked(request) ?? context.locale;
    const terms = await this.terms.byVersion(Number(version), wanted);
    await sendPage(reply, this.page(context, terms, await this.terms.current(wanted)));
  }

  private page(context: PageContext, terms: Terms, current: Terms): string {
    const { title, html } = termsView(terms.text);
    const isCurrent = terms.id === current.id;
    return this.pages.render(context, 'terms', {
      title: title ?? this.pages.text(context, 'terms.title'),
      isPrivate: !isCurrent,
      isCurrent,
      terms: {
        html,
        version: terms.version,
        locale: terms.locale,
        dir: direction(terms.locale),
        date: formatDate(context.locale, terms.createdAt, context.publication.timeZone, 'short'),
        dateTime: terms.createdAt.toISOString(),
      },
    });
  }
}

/** The terms may exist in more languages than pages do, so the tag asked for counts as it is. */
function asked(request: FastifyRequest): string | undefined {
  const { lang } = request.query as { lang?: unknown };
  return typeof lang === 'string' && /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(lang) ? lang : undefined;
}
