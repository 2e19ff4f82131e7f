import { Body, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  editionPatch,
  type EditionPatch,
  editionQuery,
  type EditionQuery,
  pauseInput,
  restoreInput,
  type RestoreInput,
  type PauseInput,
  previewQuery,
  type PreviewQuery,
  scheduleInput,
  type ScheduleInput,
  sendInput,
  type SendInput,
} from '#digest/model/digest.schemas.js';
import {
  EditionDeliveries,
  deliveriesQuery,
  type DeliveriesQuery,
} from '#digest/ledger/edition-deliveries.service.js';
import { EditionPreviewService } from '#digest/preview/edition-preview.service.js';
import { EditionTestService, testInput, type TestInput } from '#digest/preview/edition-test.service.js';
import { HeldSends } from '#digest/operator/held-sends.service.js';
import { EditionService } from '#digest/operator/edition.service.js';
import { TESTS_PER_CALLER } from '#digest/preview/test-quota.js';
import { ApprovalService } from '#digest/operator/approval.service.js';
import { orNothing } from '#kernel/input/validate.js';
import { insistOn, mayDo, type Caller as ApiCaller } from '#operators/rights/caller.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { IfMatch } from '../../http/if-match.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import {
  deliveryView,
  editionView,
  outcomeView,
  queuedMails,
  versionView,
  waveView,
} from '../responses/editions.js';

/** Drafts are every author's; what has a time is not. */
const mayChange =
  (caller: ApiCaller) =>
  ({ status }: { status: string }): void => {
    if (status !== 'draft') insistOn(caller, 'editions:send');
  };

const authorOf = ({ operatorId, keyId, name }: ApiCaller) => ({
  id: operatorId ?? keyId,
  name: name ?? null,
});

/** A mail's HTML shown as a page may style itself and show pictures, and do nothing else. */
const PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; sandbox";

@ApiController('editions')
export class EditionsController {
  constructor(
    private readonly editions: EditionService,
    private readonly held: HeldSends,
    private readonly previews: EditionPreviewService,
    private readonly tests: EditionTestService,
    private readonly deliveries: EditionDeliveries,
    private readonly approvals: ApprovalService,
    private readonly queue: JobQueue,
  ) {}

  @Get()
  @Endpoint({ summary: 'Editions, newest first', returns: pageOf(editionView) })
  list(@Query({ schema: editionQuery }) query: EditionQuery) {
    return this.editions.list(query);
  }

  @Get(':id')
  @Endpoint({ summary: 'An edition and how far it is', returns: editionView, tag: 'version' })
  get(@Param('id') id: string) {
    return this.editions.get(id);
  }

  @Get(':id/waves')
  @Endpoint({ summary: 'Its waves: readers with the same send time', returns: pageOf(waveView) })
  waves(@Param('id') id: string) {
    return this.editions.waves(id);
  }

  @Patch(':id')
  @Endpoint({
    summary:
      'Change a draft or scheduled edition; with `If-Match` or `version` only what nobody has changed meanwhile',
    returns: editionView,
    tag: 'version',
    problems: [409],
  })
  patch(
    @Caller() caller: ApiCaller,
    @Param('id') id: string,
    @IfMatch() seen: number | undefined,
    @Body({ schema: editionPatch }) body: EditionPatch,
  ) {
    const patch = seen === undefined ? body : { version: seen, ...body };
    return this.editions.patch(id, patch, mayChange(caller), authorOf(caller));
  }

  @Get(':id/versions')
  @Endpoint({ summary: 'Who changed what of it, the latest first', returns: pageOf(versionView) })
  versions(@Param('id') id: string) {
    return this.editions.changes(id);
  }

  @Post(':id/versions/:version/restore')
  @Endpoint({ summary: 'Make of it what it was', returns: editionView, tag: 'version', problems: [409] })
  restore(
    @Caller() caller: ApiCaller,
    @Param('id') id: string,
    @Param('version') version: string,
    @IfMatch() seen: number | undefined,
    @Body({ schema: orNothing(restoreInput) }) body: RestoreInput,
  ) {
    const number = /^[1-9]\d{0,8}$/.test(version) ? Number(version) : 0;
    return this.editions.restore(id, number, body.version ?? seen, mayChange(caller), authorOf(caller));
  }

  @Get(':id/preview')
  @Endpoint({
    summary: 'The mail as readers will get it; its links do nothing',
    produces: 'text/html',
    problems: [409],
  })
  async preview(
    @Param('id') id: string,
    @Caller() caller: ApiCaller,
    @Query({ schema: previewQuery }) query: PreviewQuery,
    @Res() reply: FastifyReply,
  ) {
    // It shows a reader's name and address.
    if (query.subscriberId !== undefined) insistOn(caller, 'readers:read');
    const { contentType, body } = await this.previews.preview(id, query);
    await reply.header('Content-Security-Policy', PREVIEW_POLICY).type(contentType).send(body);
  }

  @Post(':id/test')
  @Endpoint({
    summary: `Send it to a few addresses for a look; at most ${TESTS_PER_CALLER} mails an hour`,
    status: 202,
    returns: queuedMails,
    problems: [429],
  })
  test(
    @Caller() { keyId }: ApiCaller,
    @Param('id') id: string,
    @Body({ schema: testInput }) body: TestInput,
  ) {
    return this.tests.send(id, body, keyId);
  }

  @Post(':id/send')
  @Endpoint({
    summary: 'Send it now, or with `undoSeconds` in so many unless it is taken back',
    status: 202,
    returns: editionView,
    problems: [409],
  })
  send(
    @Param('id') id: string,
    @IfMatch() seen: number | undefined,
    @Body({ schema: orNothing(sendInput) }) body: SendInput,
  ) {
    return this.editions.requestSend(id, seen === undefined ? body : { version: seen, ...body });
  }

  @Post(':id/undo')
  @Endpoint({ summary: 'Take a sending back while it is held', returns: editionView, problems: [409] })
  undo(@Param('id') id: string) {
    return this.held.undo(id);
  }

  @Post(':id/approve')
  @Endpoint({
    summary: 'Say yes to a draft of a schedule: it goes out at its time, or now if that has passed',
    returns: editionView,
    problems: [409],
  })
  approve(@Param('id') id: string) {
    return this.approvals.approve(id);
  }

  @Post(':id/decline')
  @Endpoint({ summary: 'Say no to a draft of a schedule', returns: editionView, problems: [409] })
  decline(@Param('id') id: string) {
    return this.approvals.decline(id);
  }

  @Post(':id/schedule')
  @Endpoint({ summary: 'Send it at a time', returns: editionView, problems: [409] })
  schedule(@Param('id') id: string, @Body({ schema: orNothing(scheduleInput) }) body: ScheduleInput) {
    return this.editions.schedule(id, body);
  }

  @Post(':id/pause')
  @Endpoint({ summary: 'Stop it where it is', returns: editionView, problems: [409] })
  pause(
    @Param('id') id: string,
    @Body({ schema: orNothing(pauseInput) }) body: PauseInput,
    @Caller() { name }: ApiCaller,
  ) {
    return this.editions.pause(id, body, name);
  }

  @Post(':id/resume')
  @Endpoint({ summary: 'Go on with a paused edition', returns: editionView, problems: [409] })
  async resume(@Param('id') id: string) {
    const edition = await this.editions.resume(id);
    await this.queue.enqueue('tick', {}); // finds its batches
    return edition;
  }

  @Post(':id/cancel')
  @Endpoint({ summary: 'End it; who has not got it will not', returns: editionView, problems: [409] })
  cancel(@Param('id') id: string) {
    return this.editions.cancel(id);
  }

  @Get(':id/deliveries')
  @Endpoint({
    summary: 'The ledger: one row per reader; addresses masked for who may not read them',
    returns: pageOf(deliveryView),
  })
  ledger(
    @Caller() caller: ApiCaller,
    @Param('id') id: string,
    @Query({ schema: deliveriesQuery }) query: DeliveriesQuery,
  ) {
    // Who is found by part of an address is as good as shown.
    if (query.q) insistOn(caller, 'readers:read', 'To look for readers needs the right "readers:read".');
    return this.deliveries.list(id, query, { masked: !mayDo(caller, 'readers:read') });
  }

  @Get(':id/outcomes')
  @Endpoint({
    summary: 'What became of its messages, by reply and provider, most first',
    returns: pageOf(outcomeView),
  })
  outcomes(@Param('id') id: string) {
    return this.deliveries.outcomes(id);
  }
}
