import { Module } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { openQueueStore, QueueStore } from './queue-store.js';

/** Where jobs wait. */
@Module({
  providers: [{ provide: QueueStore, inject: [Config, Database, Log], useFactory: openQueueStore }],
  exports: [QueueStore],
})
export class QueueStoreModule {}
