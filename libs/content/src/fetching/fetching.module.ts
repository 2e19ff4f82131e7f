import { Module } from '@nestjs/common';
import { Config } from '#kernel/config/config.js';
import { Fetcher, type FetchLimits } from './fetcher.js';

/** Whether a link works is seen from the head of its answer. */
const LINK_LIMITS: FetchLimits = { connectMs: 5_000, headersMs: 8_000, totalMs: 10_000, bytes: 65_536 };

/** Tries links: guarded as all fetching is, and impatient. */
export class LinkFetcher extends Fetcher {}

/** The guarded way out. */
@Module({
  providers: [
    {
      provide: Fetcher,
      inject: [Config],
      useFactory: ({ fetchAllow, baseUrl, baseUrlGiven }: Config) =>
        new Fetcher(fetchAllow, baseUrlGiven ? `Broadsheet (+${baseUrl})` : 'Broadsheet'),
    },
    {
      provide: LinkFetcher,
      inject: [Config],
      useFactory: ({ fetchAllow, baseUrl, baseUrlGiven }: Config) =>
        new LinkFetcher(fetchAllow, baseUrlGiven ? `Broadsheet (+${baseUrl})` : 'Broadsheet', LINK_LIMITS),
    },
  ],
  exports: [Fetcher, LinkFetcher],
})
export class FetchingModule {}
