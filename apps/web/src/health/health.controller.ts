import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '#kernel/config/config.js';
import { DomainError } from '#kernel/errors/errors.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { mayReadMetrics } from '#kernel/observing/metrics-door.js';
import { originOf } from '#kernel/this-machine.js';
import { Health } from '#queue/health.js';

/** What machines ask: up, ready, and how it goes. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  @Get('healthz')
  up() {
    return { status: 'ok' };
  }

  /** 503 names the store that does not answer. */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { ready, stores } = await this.health.check();
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', stores };
  }

  @Get('metrics')
  async scrape(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    if (!mayReadMetrics(originOf(request.raw), this.config.metricsToken)) {
      throw new DomainError(
        'unauthorized',
        'Set METRICS_TOKEN on the server, and send it: Authorization: Bearer TOKEN. Without one, only that machine itself may read metrics.',
      );
    }
    void reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
