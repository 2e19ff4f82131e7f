import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { ArticlesModule } from '#content/articles/articles.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { CorrectionRepository } from './correction.repository.js';
import { CorrectionService } from './correction.service.js';

/** Corrections of what was sent. */
@Module({
  imports: [ArticlesModule, DigestModelModule, PublicationModule],
  providers: [CorrectionRepository, CorrectionService],
  exports: [CorrectionService],
})
export class CorrectionsModule {}
