import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import {
  feedInput,
  type FeedInput,
  feedPatch,
  type FeedPatch,
  feedQuery,
  type FeedQuery,
} from '#content/feeds/feed.schemas.js';
import { FeedService } from '#content/feeds/feed.service.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { feedPollView, feedView } from '../responses/content.js';

@ApiController('feeds')
export class FeedsController {
  constructor(private readonly feeds: FeedService) {}

  @Get()
  @Endpoint({ summary: 'Feeds, newest first', returns: pageOf(feedView) })
  list(@Caller() caller: ApiCaller, @Query({ schema: feedQuery }) query: FeedQuery) {
    return this.feeds.list(caller.publicationId, query);
  }

  @Post()
  @Endpoint({
    summary: 'Add a feed; it is fetched at once, which takes at most 30 s, and what is in it now is history',
    status: 201,
    returns: feedView,
    problems: [409],
  })
  create(@Caller() caller: ApiCaller, @Body({ schema: feedInput }) body: FeedInput) {
    return this.feeds.create(caller.publicationId, body);
  }

  @Get(':id')
  @Endpoint({ summary: 'A feed, and what is wrong with it', returns: feedView })
  get(@Caller() caller: ApiCaller, @Param('id') id: string) {
    return this.feeds.get(caller.publicationId, id);
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change a feed; a new URL is fetched at once', returns: feedView, problems: [409] })
  patch(@Caller() caller: ApiCaller, @Param('id') id: string, @Body({ schema: feedPatch }) body: FeedPatch) {
    return this.feeds.patch(caller.publicationId, id, body);
  }

  @Delete(':id')
  @Endpoint({ summary: 'Remove a feed; its articles stay', status: 204 })
  async remove(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.feeds.remove(caller.publicationId, id);
  }

  @Post(':id/poll')
  @Endpoint({
    summary: 'Poll a feed now; takes at most a minute or so',
    returns: feedPollView,
    problems: [409],
  })
  poll(@Caller() caller: ApiCaller, @Param('id') id: string) {
    return this.feeds.poll(caller.publicationId, id);
  }
}
