import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { DatabaseModule } from '#database/database.module.js';
import { TransportSource } from '#delivery/transports/transport-settings.js';
import { loadConfig } from '#kernel/config/config.js';
import { KernelModule } from '#kernel/kernel.module.js';
import { createLog } from '#kernel/observing/logger.js';
import { run } from '#kernel/process/main.js';
import { JobWorkers } from '#queue/job-workers.js';
import { QueueModule } from '#queue/queue.module.js';
import { announce } from '../../web/src/announce.js';
import { Boot } from '../../web/src/boot.js';
import { createWebApp } from '../../web/src/door/app-factory.js';
import { WebModule } from '../../web/src/web.module.js';
import { WorkerModule } from '../../worker/src/worker.module.js';

await run(async () => {
  const config = loadConfig();
  const log = createLog(config.log);

  @Module({ imports: [KernelModule.with(config, log), DatabaseModule, QueueModule, WebModule, WorkerModule] })
  class Root {}

  const app = await createWebApp(Root, config, log);
  await app.listen(config.port, config.host);
  app.get(JobWorkers).start();
  const hasWayOut = await app.get(TransportSource, { strict: false }).hasWayOut();
  announce(config, hasWayOut, await app.get(Boot, { strict: false }).firstRunLink());
  return { close: () => app.close(), config, log };
});
