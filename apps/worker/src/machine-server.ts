import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '#kernel/config/config.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { mayReadMetrics } from '#kernel/observing/metrics-door.js';
import { originOf } from '#kernel/this-machine.js';
import { Health } from '#queue/health.js';

/** What machines ask a worker process, if WORKER_PORT is set: up, ready, and its own metrics. */
@Injectable()
export class MachineServer implements OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  async listen(): Promise<void> {
    const { workerPort, host } = this.config;
    if (workerPort === null) return;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    }).listen(workerPort, host);
    await once(this.server, 'listening');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
    const json = (status: number, body: unknown) => send(status, 'application/json', JSON.stringify(body));
    const path = request.url?.split('?')[0];
    if (path === '/healthz') json(200, { status: 'ok' });
    else if (path === '/readyz') {
      const { ready, stores } = await this.health.check();
      json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', stores });
    } else if (path === '/metrics') {
      if (!mayReadMetrics(originOf(request), this.config.metricsToken)) json(401, { code: 'unauthorized' });
      else send(200, this.metrics.registry.contentType, await this.metrics.registry.metrics());
    } else json(404, { code: 'not_found' });
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
