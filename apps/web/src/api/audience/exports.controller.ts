import { Readable } from 'node:stream';
import { Body, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { exportInput, type ExportInput } from '#audience/transfer/exports/export.schemas.js';
import { ExportsService } from '#audience/transfer/exports/exports.service.js';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import { orNothing } from '#kernel/input/validate.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { exportView } from '../responses/transfer/transfer.js';

@ApiController('exports')
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get()
  @Endpoint({ summary: 'Exports, newest first', returns: pageOf(exportView) })
  list(@Query({ schema: pageQuery }) query: PageQuery) {
    return this.exports.list(query);
  }

  @Post()
  @Endpoint({
    summary: 'Have a CSV file of readers written, which is kept for a day',
    status: 202,
    returns: exportView,
  })
  start(@Body({ schema: orNothing(exportInput) }) body: ExportInput, @Caller() caller: ApiCaller) {
    return this.exports.start(body, caller.name ?? 'API key');
  }

  @Get(':id')
  @Endpoint({ summary: 'An export, with its progress', returns: exportView })
  get(@Param('id') id: string) {
    return this.exports.get(id);
  }

  @Get(':id/file')
  @Endpoint({ summary: 'Its file', produces: 'text/csv', problems: [409, 410] })
  async file(@Param('id') id: string, @Res() reply: FastifyReply) {
    const { size, pieces } = await this.exports.file(id);
    await reply
      .type('text/csv; charset=utf-8')
      .header('Content-Length', size)
      .header('Content-Disposition', 'attachment; filename="readers.csv"')
      .send(Readable.from(pieces));
  }

  @Delete(':id')
  @Endpoint({ summary: 'Stop it, or remove its file', status: 204 })
  async remove(@Param('id') id: string) {
    await this.exports.remove(id);
  }
}
