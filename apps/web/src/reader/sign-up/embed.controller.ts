import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PublicationService } from '#audience/publication/publication.service.js';
import { TermsService } from '#audience/publication/terms.service.js';
import { LOCALES, resolveLocale } from '#rendering/template/locales.js';
import { ASSETS_FOLDER } from '../page/assets.js';
import { embedScript, embedTexts } from './embed-settings.js';

const SOURCE = readFileSync(join(ASSETS_FOLDER, 'embed.js'), 'utf8');

/** The sign-up form for other sites' pages. */
@Controller('embed.js')
export class EmbedController {
  constructor(
    private readonly publications: PublicationService,
    private readonly terms: TermsService,
  ) {}

  /** In all languages at once, so that one cached copy serves every page. */
  @Get()
  async script(@Res() reply: FastifyReply): Promise<void> {
    const publication = await this.publications.current();
    const entries = await Promise.all(
      LOCALES.map(async (locale) => {
        const terms = await this.terms.current(locale);
        return [locale, embedTexts(publication, terms, locale)] as const;
      }),
    );
    const settings = {
      url: publication.baseUrl,
      locale: resolveLocale(publication.locale),
      texts: Object.fromEntries(entries),
    };
    await reply
      .headers({
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        // Short: a form whose words have changed is refused (see sawOtherWords).
        'Cache-Control': 'public, max-age=300',
      })
      .type('text/javascript; charset=utf-8')
      .send(embedScript(SOURCE, settings));
  }
}
