import { Get, Query, Res } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import {
  auditExportQuery,
  auditQuery,
  AuditService,
  type AuditExportQuery,
  type AuditQuery,
} from '#operators/audit/audit.service.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { auditView } from '../responses/people.js';

@ApiController('audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Endpoint({ summary: 'Who did what, the newest first', returns: pageOf(auditView) })
  list(@Caller() { publicationId }: ApiCaller, @Query({ schema: auditQuery }) query: AuditQuery) {
    return this.audit.list(publicationId, query);
  }

  @Get('export')
  @Endpoint({ summary: 'The same as CSV, all of it', produces: 'text/csv' })
  async export(
    @Caller() { publicationId }: ApiCaller,
    @Query({ schema: auditExportQuery }) query: AuditExportQuery,
    @Res() reply: FastifyReply,
  ) {
    await reply
      .type('text/csv; charset=utf-8')
      .header('Content-Disposition', 'attachment; filename="audit.csv"')
      .send(Readable.from(this.audit.exportCsv(publicationId, query)));
  }
}
