import { Get, Patch } from '@nestjs/common';
import { publicationPatch, publicationWarnings, type Publication } from '#audience/publication.schema.js';
import { PublicationService } from '#audience/publication.service.js';
import { Endpoint } from '../http/endpoint.js';
import { InputBody } from '../http/input.js';
import { ApiController } from './api.controller.js';
import { publicationView } from './responses/publication.js';

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
  @Endpoint({ summary: 'Change the publication', returns: publicationView })
  async update(@InputBody(publicationPatch) body: unknown) {
    return shown(await this.publications.update(body));
  }
}
