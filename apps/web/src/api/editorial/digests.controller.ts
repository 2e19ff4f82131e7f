import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import {
  digestInput,
  type DigestInput,
  digestPatch,
  type DigestPatch,
  digestQuery,
  type DigestQuery,
  editionInput,
  type EditionInput,
} from '#digest/model/digest.schemas.js';
import { DigestService, type Digest } from '#digest/operator/digest.service.js';
import { EditionService } from '#digest/operator/edition.service.js';
import { orNothing } from '#kernel/input/validate.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { digestView } from '../responses/digests.js';
import { editionView } from '../responses/editions.js';

const shown = ({ publicationId: _, ...digest }: Digest) => digest;

@ApiController('digests')
export class DigestsController {
  constructor(
    private readonly digests: DigestService,
    private readonly editions: EditionService,
  ) {}

  @Get()
  @Endpoint({ summary: 'Digests that are not archived', returns: pageOf(digestView) })
  async list(@Query({ schema: digestQuery }) query: DigestQuery) {
    const page = await this.digests.list(query);
    return { ...page, data: page.data.map(shown) };
  }

  @Post()
  @Endpoint({ summary: 'Make a digest', status: 201, returns: digestView, problems: [409] })
  async create(@Body({ schema: digestInput }) body: DigestInput) {
    return shown(await this.digests.create(body));
  }

  @Get(':id')
  @Endpoint({ summary: 'A digest', returns: digestView })
  async get(@Param('id') id: string) {
    return shown(await this.digests.get(id));
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change a digest', returns: digestView, problems: [409] })
  async patch(@Param('id') id: string, @Body({ schema: digestPatch }) body: DigestPatch) {
    return shown(await this.digests.patch(id, body));
  }

  @Delete(':id')
  @Endpoint({ summary: 'End a digest and every subscription to it', status: 204, problems: [409] })
  async remove(@Param('id') id: string) {
    await this.digests.remove(id);
  }

  @Post(':id/editions')
  @Endpoint({ summary: 'Draft an edition', status: 201, returns: editionView, problems: [409] })
  draft(@Param('id') id: string, @Body({ schema: orNothing(editionInput) }) body: EditionInput) {
    return this.editions.createDraft(id, body);
  }
}
