import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Config } from '#kernel/config.js';
import { DomainError } from '#kernel/errors.js';
import { Metrics } from '#kernel/metrics.js';
import { isSameSecret } from '#kernel/same-secret.js';
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
  async scrape(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { metricsToken } = this.config;
    if (metricsToken && !isSameSecret(authorization, `Bearer ${metricsToken}`)) {
      throw new DomainError('unauthorized', 'Send the METRICS_TOKEN: Authorization: Bearer TOKEN');
    }
    void reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
