import { Module } from '@nestjs/common';
import { ReadingModule } from '#content/reading/reading.module.js';
import { DraftHistory } from './draft-history.js';
import { IntroMaker } from './intro-maker.js';
import { VersionRepository } from './version.repository.js';

/** What operators write into editions, and what these were before. */
@Module({
  imports: [ReadingModule],
  providers: [DraftHistory, IntroMaker, VersionRepository],
  exports: [DraftHistory, IntroMaker, VersionRepository],
})
export class DraftsModule {}
