import { Body, Get, Post, Query } from '@nestjs/common';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import { TermsService, termsInput, type TermsInput } from '#audience/publication/terms.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { termsView } from '../responses/publication.js';

@ApiController('terms')
export class TermsApiController {
  constructor(private readonly terms: TermsService) {}

  @Get()
  @Endpoint({ summary: 'Versions of the terms, newest first', returns: pageOf(termsView) })
  list(@Query({ schema: pageQuery }) query: PageQuery) {
    return this.terms.list(query);
  }

  @Post()
  @Endpoint({ summary: 'Publish a new version of the terms', status: 201, returns: termsView })
  publish(@Body({ schema: termsInput }) body: TermsInput) {
    return this.terms.publish(body);
  }
}
