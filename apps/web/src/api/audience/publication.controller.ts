import { Body, Get, Patch } from '@nestjs/common';
import {
  publicationPatch,
  type PublicationPatch,
  publicationWarnings,
  type Publication,
} from '#audience/publication/publication.schema.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { mayDo, type Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { publicationView } from '../responses/publication.js';

const shown = (row: Publication) => ({ ...row, warnings: publicationWarnings(row) });

@ApiController('publication')
export class PublicationController {
  constructor(private readonly publications: PublicationService) {}

  @Get()
  @Endpoint({ summary: 'The publication', returns: publicationView })
  async get() {
    return shown(await this.publications.current());
  }

  @Patch()
  @Endpoint({
    summary: 'Change the publication; baseUrl only by an owner, and not when BASE_URL is set',
    returns: publicationView,
  })
  async update(@Body({ schema: publicationPatch }) body: PublicationPatch, @Caller() caller: ApiCaller) {
    return shown(await this.publications.update(body, { mayMove: mayDo(caller, 'operators:manage') }));
  }
}
