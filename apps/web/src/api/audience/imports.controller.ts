import { Readable } from 'node:stream';
import { Body, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ImportsService } from '#audience/transfer/imports/imports.service.js';
import {
  importPatch,
  importStart,
  uploadQuery,
  type ImportPatch,
  type ImportStart,
  type UploadQuery,
} from '#audience/transfer/imports/import.schemas.js';
import { Config } from '#kernel/config/config.js';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { uploadedFile } from '../../http/csv/csv-upload.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { importView } from '../responses/transfer/transfer.js';

@ApiController('imports')
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly config: Config,
  ) {}

  @Get()
  @Endpoint({ summary: 'Imports, newest first', returns: pageOf(importView) })
  list(@Query({ schema: pageQuery }) query: PageQuery) {
    return this.imports.list(query);
  }

  @Post()
  @Endpoint({
    summary:
      'Upload a CSV file of readers: ours, or the export of another service. It is recognised, and nothing is taken in',
    status: 201,
    consumes: 'text/csv',
    returns: importView,
    problems: [413, 415],
  })
  async upload(@Query({ schema: uploadQuery }) { name }: UploadQuery, @Req() request: FastifyRequest) {
    const upload = await uploadedFile(request, this.config.importMaxBytes);
    return this.imports.upload(upload.file, name || upload.name || 'readers.csv');
  }

  @Get(':id')
  @Endpoint({ summary: 'An import, with its progress', returns: importView })
  get(@Param('id') id: string) {
    return this.imports.get(id);
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Say what its columns are, and what is done with whom',
    returns: importView,
    problems: [409],
  })
  patch(@Param('id') id: string, @Body({ schema: importPatch }) body: ImportPatch) {
    return this.imports.patch(id, body);
  }

  @Post(':id/check')
  @Endpoint({
    summary: 'Begin a dry run: counts and the first errors, and nothing is written',
    status: 202,
    returns: importView,
    problems: [409],
  })
  check(@Param('id') id: string) {
    return this.imports.check(id);
  }

  @Post(':id/start')
  @Endpoint({
    summary: 'Begin to take the readers in; states how they gave their consent',
    status: 202,
    returns: importView,
    problems: [409],
  })
  start(
    @Param('id') id: string,
    @Body({ schema: importStart }) body: ImportStart,
    @Caller() caller: ApiCaller,
  ) {
    return this.imports.start(id, body, caller.name ?? 'API key');
  }

  @Post(':id/cancel')
  @Endpoint({ summary: 'Stop it; who was taken in stays', returns: importView, problems: [409] })
  cancel(@Param('id') id: string) {
    return this.imports.cancel(id);
  }

  @Get(':id/errors')
  @Endpoint({ summary: 'The lines that were left out, each with the reason, as CSV', produces: 'text/csv' })
  async errors(@Param('id') id: string, @Res() reply: FastifyReply) {
    const file = await this.imports.errorFile(id);
    await reply
      .type('text/csv; charset=utf-8')
      .header('Content-Disposition', 'attachment; filename="left-out.csv"')
      .send(Readable.from(file));
  }
}
