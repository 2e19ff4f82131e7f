import { Get, Post } from '@nestjs/common';
import { pageQuery } from '#kernel/input/page.js';
import { TermsService, termsInput } from '#audience/publication/terms.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { InputBody, InputQuery } from '../../http/input.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { termsView } from '../responses/publication.js';

@ApiController('terms')
export class TermsApiController {
  constructor(private readonly terms: TermsService) {}

  @Get()
  @Endpoint({ summary: 'Versions of the terms, newest first', returns: pageOf(termsView) })
  list(@InputQuery(pageQuery) query: unknown) {
    return this.terms.list(query);
  }

  @Post()
  @Endpoint({ summary: 'Publish a new version of the terms', status: 201, returns: termsView })
  publish(@InputBody(termsInput) body: unknown) {
    return this.terms.publish(body);
  }
}
