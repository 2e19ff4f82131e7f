import { Body, Get, Param, Post } from '@nestjs/common';
import { ExpectedEnds } from '#delivery/forecast/expected-end.js';
import { ResendService, resendInput, type ResendInput } from '#delivery/resend/resend.service.js';
import { EditionInspection } from '#digest/checks/edition-inspection.service.js';
import { problem, type EditionProblem } from '#digest/checks/edition-checks-list.js';
import { PlanService } from '#digest/explain/plan.service.js';
import type { Check } from '#feedback/deliverability/check.js';
import { DeliverabilityService } from '#feedback/deliverability/deliverability.service.js';
import { orNothing } from '#kernel/input/validate.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { editionChecks, editionEstimate } from '../responses/desk/edition-desk.js';
import { queuedMails } from '../responses/editions.js';

/** DNS that does not answer is no reason to wait: the next look has it. */
const DNS_PATIENCE_MS = 1_500;

/** What operators look at before they send an edition, and do after it. */
@ApiController('editions')
export class EditionDeskController {
  constructor(
    private readonly inspections: EditionInspection,
    private readonly plans: PlanService,
    private readonly ends: ExpectedEnds,
    private readonly deliverability: DeliverabilityService,
    private readonly resends: ResendService,
  ) {}

  @Get(':id/checks')
  @Endpoint({
    summary: 'What is wrong with it, and what to do; waits for no other site',
    returns: editionChecks,
  })
  async checks(@Param('id') id: string) {
    const dns = inTime(this.deliverability.check(), DNS_PATIENCE_MS);
    const inspection = await this.inspections.inspect(id);
    return { ...inspection, data: [...inspection.data, ...((await dns) ?? []).flatMap(aboutSender)] };
  }

  @Get(':id/estimate')
  @Endpoint({
    summary: 'Who would get it if it were sent now, by variant, and when it would be done',
    returns: editionEstimate,
    problems: [503],
  })
  async estimate(@Param('id') id: string) {
    const { at, waves, empty, subject, problems } = await this.plans.estimate(id);
    const recipients = waves.every((wave) => wave.recipients !== null)
      ? waves.reduce((sum, wave) => sum + (wave.recipients ?? 0), 0)
      : null;
    const readers = waves.reduce((sum, wave) => sum + wave.readers, 0);
    return {
      at,
      readers,
      recipients,
      empty,
      subject,
      problems,
      variants: waves.flatMap(({ variants }) => variants),
      moreVariants: waves.reduce((sum, wave) => sum + wave.moreVariants, 0),
      ...(await this.ends.of(at, recipients ?? readers)),
    };
  }

  @Post(':id/resend-failed')
  @Endpoint({
    summary: 'Send again what failed for good, to those who still want it',
    status: 202,
    returns: queuedMails,
    problems: [409],
    audits: ['code', 'inDoubt'],
  })
  resend(@Param('id') id: string, @Body({ schema: orNothing(resendInput) }) body: ResendInput) {
    return this.resends.resendFailed(id, body);
  }
}

function aboutSender({ check, state, why }: Check): EditionProblem[] {
  if (state !== 'fail') return [];
  const todo = 'Publish what the page Deliverability says.';
  return [problem('sender_dns', 'warning', { part: 'sender', title: check }, why, todo)];
}

/** What a promise comes to, if it does within so long; it goes on alone. */
function inTime<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const late = new Promise<undefined>((done) => setTimeout(() => done(undefined), ms).unref());
  return Promise.race([promise, late]).catch(() => undefined);
}
