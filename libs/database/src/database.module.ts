import { Global, Module } from '@nestjs/common';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { Database } from './database.js';
import { openDatabase } from './connection/open.js';

/** Provides {@link Database}, migrated. It is closed by the application's shutdown, after the queue. */
@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [Config, Log],
      useFactory: (config: Config, log: Log) => openDatabase(config, log),
    },
  ],
  exports: [Database],
})
export class DatabaseModule {}
