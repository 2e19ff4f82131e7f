import { Body, Get, Patch } from '@nestjs/common';
import {
  publicationPatch,
  type PublicationPatch,
  publicationWarnings,
  type Publication,
} from '#audience/publication/publication.schema.js';
import { Clock } from '#kernel/clock.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { insistOnFresh, mayDo, type Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { publicationView } from '../responses/publication.js';

const shown = (row: Publication) => ({ ...row, warnings: publicationWarnings(row) });

@ApiController('publication')
export class PublicationController {
  constructor(
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

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
    // Where links lead that sign operators in.
    if (body.baseUrl !== undefined && body.baseUrl !== (await this.publications.current()).baseUrl) {
      insistOnFresh(caller, this.clock.now());
    }
    return shown(await this.publications.update(body, { mayMove: mayDo(caller, 'operators:manage') }));
  }
}
