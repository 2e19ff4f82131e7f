import { Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { DeliverabilityService } from '#feedback/deliverability/deliverability.service.js';
import { ReportedSources } from '#feedback/deliverability/sources/reported-sources.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { deliverability, reportedSources } from '../responses/deliverability.js';

const sourcesQuery = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30).describe('How far back.'),
});

/** What receivers see of us, and what they report. */
@ApiController('deliverability')
export class DeliverabilityController {
  constructor(
    private readonly deliverability: DeliverabilityService,
    private readonly sources: ReportedSources,
  ) {}

  @Get()
  @Endpoint({
    summary: 'What receivers judge our mail by; asks DNS, at most once a minute, which takes at most 20 s',
    returns: deliverability,
  })
  async check() {
    return { data: await this.deliverability.check() };
  }

  @Get('sources')
  @Endpoint({
    summary: 'From which addresses mail came in our name, by the DMARC reports of the last days',
    returns: reportedSources,
  })
  async reported(@Query({ schema: sourcesQuery }) { days }: z.infer<typeof sourcesQuery>) {
    return { data: await this.sources.list(days) };
  }
}
