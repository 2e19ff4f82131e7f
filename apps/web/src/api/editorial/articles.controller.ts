import { Body, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PublicationService } from '#audience/publication/publication.service.js';
import {
  articleInput,
  type ArticleInput,
  articlePatch,
  type ArticlePatch,
  articleQuery,
  type ArticleQuery,
  correctionInput,
  type CorrectionInput,
} from '#content/articles/article.schemas.js';
import { ArticleService, type Article, type ArticleListItem } from '#content/articles/article.service.js';
import { articleState } from '#content/articles/article-state.js';
import { importInput, type ImportInput, ImportService } from '#content/import/import.service.js';
import { AlertService } from '#digest/alerts/alert.service.js';
import { CorrectionService } from '#digest/corrections/correction.service.js';
import { Clock } from '#kernel/clock.js';
import { insistOn, mayDo, type Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { articleListItem, articleView, correctionView } from '../responses/content.js';

/** Who may not publish writes drafts. @throws DomainError `forbidden` when it is to be none */
function asDraftOf(caller: ApiCaller, body: ArticleInput): ArticleInput {
  insistOnDraft(caller, body.draft !== false);
  return mayDo(caller, 'articles:publish') ? body : { ...body, draft: true };
}

function insistOnDraft(caller: ApiCaller, isDraft: boolean): void {
  if (!isDraft) insistOn(caller, 'articles:publish');
}

@ApiController('articles')
export class ArticlesController {
  constructor(
    private readonly articles: ArticleService,
    private readonly imports: ImportService,
    private readonly alerts: AlertService,
    private readonly corrections: CorrectionService,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Endpoint({ summary: 'Articles, newest first', returns: pageOf(articleListItem) })
  async list(@Caller() caller: ApiCaller, @Query({ schema: articleQuery }) query: ArticleQuery) {
    const { baseUrl } = await this.publications.current();
    const page = await this.articles.list(caller.publicationId, query);
    return { ...page, data: page.data.map((item) => this.listed(item, baseUrl)) };
  }

  @Post()
  @Endpoint({ summary: 'Add an article', status: 201, returns: articleView, problems: [409, 413] })
  async create(@Caller() caller: ApiCaller, @Body({ schema: articleInput }) body: ArticleInput) {
    const made = await this.articles.create(caller.publicationId, asDraftOf(caller, body));
    await this.alerts.fireFor(made.id);
    return this.shown(made);
  }

  @Post('import')
  @Endpoint({
    summary: 'Make a draft of a page on the web, or give the article there is of it; takes at most 30 s',
    status: 201,
    otherStatus: 200,
    returns: articleView,
  })
  async import(
    @Caller() caller: ApiCaller,
    @Body({ schema: importInput }) body: ImportInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { isNew, ...article } = await this.imports.import(caller.publicationId, body);
    if (!isNew) void reply.status(200);
    return this.shown(article);
  }

  @Get(':id')
  @Endpoint({ summary: 'An article', returns: articleView })
  async get(@Caller() caller: ApiCaller, @Param('id') id: string) {
    return this.shown(await this.articles.get(caller.publicationId, id));
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change an article', returns: articleView, problems: [409, 413] })
  async patch(
    @Caller() caller: ApiCaller,
    @Param('id') id: string,
    @Body({ schema: articlePatch }) body: ArticlePatch,
  ) {
    const changed = await this.articles.patch(caller.publicationId, id, body, (before) =>
      insistOnDraft(caller, before.draft && body.draft !== false),
    );
    await this.alerts.fireFor(id);
    return this.shown(changed);
  }

  @Delete(':id')
  @Endpoint({ summary: 'Delete an article that no reader has had', status: 204, problems: [409] })
  async remove(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.articles.remove(caller.publicationId, id, (before) => insistOnDraft(caller, before.draft));
  }

  @Post(':id/retract')
  @Endpoint({ summary: 'Take an article back: it is no longer shown or sent', returns: articleView })
  async retract(@Caller() caller: ApiCaller, @Param('id') id: string) {
    return this.shown(await this.articles.retract(caller.publicationId, id));
  }

  @Post(':id/correct')
  @Endpoint({
    summary: 'Correct an article: shown on its page, and mailed to those who had it',
    returns: correctionView,
  })
  correct(
    @Caller() caller: ApiCaller,
    @Param('id') id: string,
    @Body({ schema: correctionInput }) body: CorrectionInput,
  ) {
    return this.corrections.correct(caller.publicationId, id, body);
  }

  private async shown({ source, ...article }: Article) {
    const { baseUrl } = await this.publications.current();
    return { ...this.listed(article, baseUrl), body: source };
  }

  private listed<T extends ArticleListItem>({ publicationId: _, ...article }: T, baseUrl: string) {
    const state = articleState(article, this.clock.now());
    return { ...article, state, pageUrl: `${baseUrl}/a/${article.slug}` };
  }
}
