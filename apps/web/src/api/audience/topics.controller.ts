import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import {
  TopicService,
  topicInput,
  type TopicInput,
  topicPatch,
  type TopicPatch,
} from '#audience/operator/topic.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { topicView } from '../responses/publication.js';

@ApiController('topics')
export class TopicsController {
  constructor(private readonly topics: TopicService) {}

  @Get()
  @Endpoint({ summary: 'Topics', returns: pageOf(topicView) })
  list(@Query({ schema: pageQuery }) query: PageQuery) {
    return this.topics.list(query);
  }

  @Post()
  @Endpoint({ summary: 'Make a topic', status: 201, returns: topicView })
  create(@Body({ schema: topicInput }) body: TopicInput) {
    return this.topics.create(body);
  }

  @Get(':id')
  @Endpoint({ summary: 'A topic', returns: topicView })
  get(@Param('id') id: string) {
    return this.topics.get(id);
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change a topic', returns: topicView })
  update(@Param('id') id: string, @Body({ schema: topicPatch }) body: TopicPatch) {
    return this.topics.update(id, body);
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Remove a topic from articles and from readers’ choices',
    status: 204,
    problems: [409],
  })
  async remove(@Param('id') id: string) {
    await this.topics.delete(id);
  }
}
