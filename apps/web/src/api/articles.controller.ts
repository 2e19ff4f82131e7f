import { Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { PublicationService } from '#audience/publication.service.js';
import { articleInput, articlePatch } from '#content/article.schemas.js';
import { ArticleService, type Article, type ArticleListItem } from '#content/article.service.js';
import { pageQuery } from '#content/fields.js';
import { importInput, ImportService } from '#content/import/import.service.js';
import type { Caller as ApiCaller } from '#operators/api-key.service.js';
import { Caller } from '../http/auth.guard.js';
import { Endpoint } from '../http/endpoint.js';
import { InputBody, InputQuery } from '../http/input.js';
import { ApiController } from './api.controller.js';
import { articleListItem, articleView, pageOf } from './responses.js';

@ApiController('articles')
export class ArticlesController {
  constructor(
    private readonly articles: ArticleService,
    private readonly imports: ImportService,
    private readonly publications: PublicationService,
  ) {}

  @Get()
  @Endpoint({ summary: 'Articles in any state, newest first', returns: pageOf(articleListItem) })
  async list(@Caller() caller: ApiCaller, @InputQuery(pageQuery) query: unknown) {
    const { baseUrl } = await this.publications.current();
    const page = await this.articles.list(caller.publicationId, query);
    return { ...page, data: page.data.map((item) => listed(item, baseUrl)) };
  }

  @Post()
  @Endpoint({ summary: 'Add an article', status: 201, returns: articleView, problems: [409, 413] })
  async create(@Caller() caller: ApiCaller, @InputBody(articleInput) body: unknown) {
    return this.shown(await this.articles.create(caller.publicationId, body));
  }

  @Post('import')
  @Endpoint({
    summary: 'Make a draft of a page on the web, or give the article there is of it; takes at most 30 s',
    status: 201,
    returns: articleView,
  })
  async import(@Caller() caller: ApiCaller, @InputBody(importInput) body: unknown) {
    return this.shown(await this.imports.import(caller.publicationId, body));
  }

  @Get(':id')
  @Endpoint({ summary: 'An article', returns: articleView })
  async get(@Caller() caller: ApiCaller, @Param('id') id: string) {
    return this.shown(await this.articles.get(caller.publicationId, id));
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change an article', returns: articleView, problems: [409, 413] })
  async patch(@Caller() caller: ApiCaller, @Param('id') id: string, @InputBody(articlePatch) body: unknown) {
    return this.shown(await this.articles.patch(caller.publicationId, id, body));
  }

  @Delete(':id')
  @Endpoint({ summary: 'Delete an article that no reader has had', status: 204, problems: [409] })
  async remove(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.articles.remove(caller.publicationId, id);
  }

  @Post(':id/retract')
  @Endpoint({ summary: 'Take an article back: it is no longer shown or sent', returns: articleView })
  async retract(@Caller() caller: ApiCaller, @Param('id') id: string) {
    return this.shown(await this.articles.retract(caller.publicationId, id));
  }

  private async shown({ source, ...article }: Article) {
    const { baseUrl } = await this.publications.current();
    return { ...listed(article, baseUrl), body: source };
  }
}

function listed<T extends ArticleListItem>({ publicationId: _, ...article }: T, baseUrl: string) {
  return { ...article, pageUrl: `${baseUrl}/a/${article.slug}` };
}
