import { Get, Param } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { EditionService } from '#digest/operator/edition.service.js';
import { ClickNumbers } from '#feedback/clicks/click-numbers.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { editionLinksView } from '../responses/clicks.js';

@ApiController('editions')
export class EditionLinksController {
  constructor(
    private readonly editions: EditionService,
    private readonly numbers: ClickNumbers,
    private readonly publications: PublicationService,
  ) {}

  @Get(':id/links')
  @Endpoint({
    summary: 'The links of its mails, where they lead, and how many people followed them',
    returns: editionLinksView,
  })
  async links(@Param('id') id: string) {
    const edition = await this.editions.get(id);
    const { measure } = await this.publications.current();
    return {
      data: await this.numbers.ofLinks(edition.id),
      measured: measure === 'consented' ? await this.numbers.measuredOf(edition.id) : null,
    };
  }
}
