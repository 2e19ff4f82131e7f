import { Body, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExportService } from '#audience/operator/export.service.js';
import { IMPORT_COLUMNS } from '#audience/operator/import-row.js';
import { FindReaders } from '#audience/finding/find-readers.service.js';
import { ReaderCountsService } from '#audience/finding/reader-counts.service.js';
import { subscriberQuery, type SubscriberQuery } from '#audience/finding/reader-query.js';
import { ImportService } from '#audience/operator/import.service.js';
import { ClickNumbers } from '#feedback/clicks/click-numbers.js';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import {
  subscriberInput,
  type SubscriberInput,
  subscriberPatch,
  type SubscriberPatch,
} from '#audience/operator/subscriber.schemas.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { csvUpload, importQuery, type ImportQuery } from '../../http/csv/csv-upload.js';
import {
  consentView,
  importReport,
  readerCounts,
  subscriberData,
  subscriberPage,
  subscriberView,
} from '../responses/audience.js';
import { readerClicksView } from '../responses/clicks.js';
import { pageOf } from '../responses/common.js';

@ApiController('subscribers')
export class SubscribersController {
  constructor(
    private readonly subscribers: SubscriberService,
    private readonly finding: FindReaders,
    private readonly counting: ReaderCountsService,
    private readonly imports: ImportService,
    private readonly exports: ExportService,
    private readonly numbers: ClickNumbers,
  ) {}

  @Get()
  @Endpoint({ summary: 'Subscribers, newest first; found by what they are', returns: subscriberPage })
  list(@Query({ schema: subscriberQuery }) query: SubscriberQuery) {
    return this.finding.list(query);
  }

  @Get('counts')
  @Endpoint({
    summary: 'How many subscribers there are, by status and what they share',
    returns: readerCounts,
  })
  counts() {
    return this.counting.all();
  }

  @Post()
  @Endpoint({
    summary: 'Add a subscriber; `active` needs `consent`, `pending` gets the confirmation mail',
    status: 201,
    returns: subscriberView,
    problems: [409],
  })
  create(@Body({ schema: subscriberInput }) body: SubscriberInput) {
    return this.subscribers.create(body);
  }

  @Post('import')
  @Endpoint({
    summary: `Import a CSV file with the columns ${IMPORT_COLUMNS.join(', ')}; only email must be there`,
    consumes: 'text/csv',
    returns: importReport,
    problems: [413, 415],
  })
  async import(@Query({ schema: importQuery }) query: ImportQuery, @Req() request: FastifyRequest) {
    const { file, statement } = await csvUpload(request, query);
    return this.imports.importCsv(file, statement);
  }

  @Get('export')
  @Endpoint({
    summary: 'All subscribers as CSV',
    produces: 'text/csv',
  })
  async export(@Res() reply: FastifyReply) {
    await reply
      .type('text/csv; charset=utf-8')
      .header('Content-Disposition', 'attachment; filename="subscribers.csv"')
      .send(Readable.from(this.exports.exportCsv()));
  }

  @Get(':id')
  @Endpoint({ summary: 'A subscriber', returns: subscriberView })
  get(@Param('id') id: string) {
    return this.subscribers.get(id);
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change a subscriber', returns: subscriberView, problems: [409] })
  patch(@Param('id') id: string, @Body({ schema: subscriberPatch }) body: SubscriberPatch) {
    return this.subscribers.patch(id, body);
  }

  @Delete(':id')
  @Endpoint({ summary: 'Erase a subscriber; the proof of consent stays, without the address', status: 204 })
  async erase(@Param('id') id: string) {
    await this.subscribers.erase(id);
  }

  @Get(':id/consents')
  @Endpoint({
    summary: 'What the subscriber consented to, when, where and how',
    returns: pageOf(consentView),
  })
  consents(@Param('id') id: string, @Query({ schema: pageQuery }) query: PageQuery) {
    return this.subscribers.consents(id, query);
  }

  @Get(':id/clicks')
  @Endpoint({
    summary: 'What a subscriber who agreed to be measured clicked and opened, latest edition first',
    returns: pageOf(readerClicksView),
  })
  async clicks(@Param('id') id: string, @Query({ schema: pageQuery }) query: PageQuery) {
    const { id: found } = await this.subscribers.get(id);
    return this.numbers.ofReader(found, query);
  }

  @Get(':id/data')
  @Endpoint({
    summary: 'All that is held about a subscriber',
    returns: subscriberData,
  })
  data(@Param('id') id: string) {
    return this.subscribers.data(id);
  }
}
