import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { DatabaseModule } from '#database/database.module.js';
import { TransportSource } from '#delivery/transports/transport-settings.js';
import { loadConfig } from '#kernel/config/config.js';
import { KernelModule } from '#kernel/kernel.module.js';
import { createLog } from '#kernel/observing/logger.js';
import { run } from '#kernel/process/main.js';
import { QueueModule } from '#queue/queue.module.js';
import { announce } from './announce.js';
import { Boot } from './boot.js';
import { createWebApp } from './door/app-factory.js';
import { WebModule } from './web.module.js';

await run(async () => {
  const config = loadConfig();
  const log = createLog(config.log);

  @Module({ imports: [KernelModule.with(config, log), DatabaseModule, QueueModule, WebModule] })
  class Root {}

  const app = await createWebApp(Root, config, log);
  await app.listen(config.port, config.host);
  const hasWayOut = await app.get(TransportSource, { strict: false }).hasWayOut();
  announce(config, hasWayOut, await app.get(Boot, { strict: false }).firstRunLink());
  return { close: () => app.close(), config, log };
});
