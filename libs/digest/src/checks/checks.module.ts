import { Module } from '@nestjs/common';
import { FetchingModule } from '#content/fetching/fetching.module.js';
import { DigestContentModule } from '../content/content.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { DigestPreviewModule } from '../preview/preview.module.js';
import { EditionInspection } from './edition-inspection.service.js';
import { LinkCheckRepository } from './link-check.repository.js';
import { LinkChecker } from './link-checker.js';

/** What is wrong with an edition before it is sent. */
@Module({
  imports: [DigestContentModule, DigestModelModule, DigestPreviewModule, FetchingModule],
  providers: [EditionInspection, LinkCheckRepository, LinkChecker],
  exports: [EditionInspection, LinkChecker],
})
export class DigestChecksModule {}
