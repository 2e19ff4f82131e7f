import { Module } from '@nestjs/common';
import { Config } from '#kernel/config/config.js';
import { Fetcher } from './fetcher.js';

/** The guarded way out. */
@Module({
  providers: [
    {
      provide: Fetcher,
      inject: [Config],
      useFactory: ({ fetchAllow, baseUrl, baseUrlGiven }: Config) =>
        new Fetcher(fetchAllow, baseUrlGiven ? `Broadsheet (+${baseUrl})` : 'Broadsheet'),
    },
  ],
  exports: [Fetcher],
})
export class FetchingModule {}
