import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule } from '#database/database.module.js';
import { loadConfig } from '#kernel/config/config.js';
import { KernelModule } from '#kernel/kernel.module.js';
import { createLog } from '#kernel/observing/logger.js';
import { run } from '#kernel/process/main.js';
import { JobWorkers } from '#queue/job-workers.js';
import { QueueModule } from '#queue/queue.module.js';
import { MachineServer } from './machine-server.js';
import { WorkerModule } from './worker.module.js';

await run(async () => {
  const config = loadConfig();
  const log = createLog(config.log);

  @Module({ imports: [KernelModule.with(config, log), DatabaseModule, QueueModule, WorkerModule] })
  class Root {}

  const app = await NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false });
  await app.init();
  await app.get(MachineServer).listen();
  app.get(JobWorkers).start();
  log.info('worker ready');
  return { close: () => app.close(), config, log };
});
