import { Module } from '@nestjs/common';
import { ReaderCountRepository } from './reader-count.repository.js';
import { ReaderCountTick } from './reader-count.tick.js';

/** What is counted of readers. */
@Module({ providers: [ReaderCountRepository, ReaderCountTick], exports: [ReaderCountRepository] })
export class AudienceNumbersModule {}
