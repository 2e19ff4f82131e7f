import { Body, Get, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PublicationService } from '#audience/publication/publication.service.js';
import { classifyReply } from '#delivery/replies/classify-reply.js';
import { FeedbackEventsRepository } from '#feedback/acting/feedback-events.repository.js';
import {
  classifyInput,
  feedbackEventQuery,
  messageQuery,
  type ClassifyInput,
  type FeedbackEventQuery,
  type MessageQuery,
} from '#feedback/acting/feedback.schemas.js';
import { IngestService } from '#feedback/acting/ingest.service.js';
import { WayInRepository } from '#feedback/intake/way-in.repository.js';
import { DomainError } from '#kernel/errors/errors.js';
import { toPage } from '#kernel/input/page.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { feedbackEventView, ingestedView, replyReading, waysIn } from '../responses/feedback.js';

/** What came back, and what is given to be understood. */
@ApiController('feedback')
export class FeedbackController {
  constructor(
    private readonly ingesting: IngestService,
    private readonly events: FeedbackEventsRepository,
    private readonly ways: WayInRepository,
    private readonly publications: PublicationService,
  ) {}

  @Post('messages')
  @Endpoint({
    summary: 'Take a mail that came back: a bounce, a complaint, an auto-reply, a report',
    consumes: 'message/rfc822',
    returns: ingestedView,
    problems: [413, 415, 503],
  })
  async ingest(@Query({ schema: messageQuery }) { dryRun }: MessageQuery, @Req() request: FastifyRequest) {
    const { body } = request;
    if (!Buffer.isBuffer(body) || body.length === 0) {
      throw new DomainError('malformed', 'Send the mail as the body, with Content-Type: message/rfc822.');
    }
    return this.ingesting.ingest({ raw: body, way: 'api' }, { dryRun });
  }

  @Post('classify')
  @Endpoint({ summary: 'What a reply of a mail server means', returns: replyReading })
  classify(@Body({ schema: classifyInput }) { code, status, text, stage }: ClassifyInput) {
    return classifyReply({ code: code ?? null, status: status ?? null, text, stage });
  }

  @Get('events')
  @Endpoint({ summary: 'What came back, newest first', returns: pageOf(feedbackEventView) })
  async list(@Query({ schema: feedbackEventQuery }) query: FeedbackEventQuery) {
    const { id } = await this.publications.current();
    return toPage(await this.events.page(id, query), query.limit);
  }

  @Get('ways')
  @Endpoint({
    summary: 'How it stands with the receiver and the mailbox that is read',
    returns: waysIn,
  })
  async listWays() {
    return { data: await this.ways.all() };
  }
}
