import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArticleService } from '#content/articles/article.service.js';
import { Config } from '#kernel/config/config.js';
import { articleItem, articleView } from '../page/article-view.js';
import { rootPath } from '../page/page-layout.js';
import { Pages } from '../page/pages.js';
import { SignUpForms } from '../sign-up/sign-up-forms.js';
import { slugOf } from '../../http/storable.js';

/** How many stories the front page shows. */
const FRONT_STORIES = 12;

/** The front page and the articles, each with the sign-up form under it. */
@Controller()
export class FrontController {
  private readonly root: string;

  constructor(
    private readonly pages: Pages,
    private readonly articles: ArticleService,
    private readonly forms: SignUpForms,
    config: Config,
  ) {
    this.root = rootPath(config.baseUrl);
  }

  @Get()
  async front(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = await this.pages.context(request);
    const { publication } = context;
    const [latest, form] = await Promise.all([
      this.articles.latest(publication.id, FRONT_STORIES),
      this.forms.view(context, 'article', { pageUrl: `${publication.baseUrl}/` }),
    ]);
    await this.pages.sendShared(request, reply, context, 'front', {
      title: publication.name,
      description: form.wording.invitation.text,
      canonical: `${publication.baseUrl}/`,
      articles: latest.map((article) => articleItem(article, context, this.root)),
      form: { ...form, kind: 'subscribe' },
    });
  }

  @Get('a/:slug')
  async article(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('slug') slug: string,
  ): Promise<void> {
    const context = await this.pages.context(request);
    const article = articleView(
      await this.articles.getBySlug(context.publication.id, slugOf('article', slug)),
      context,
      this.root,
    );
    const { title, summary, canonical, pageUrl, openGraph, jsonLd } = article;
    const form = await this.forms.view(context, 'article', { pageUrl });
    const head = { title, description: summary, canonical, openGraph, jsonLd };
    await this.pages.sendShared(request, reply, context, 'article', { ...head, article, form });
  }
}
