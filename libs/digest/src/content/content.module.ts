import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { ArticlesModule } from '#content/articles/articles.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { EditionContentRepository } from './edition-content.repository.js';
import { EditionContentService } from './edition-content.service.js';
import { EditionLinkRepository } from './edition-link.repository.js';
import { EditionLinks } from './edition-links.js';

/** Frozen contents and variants. */
@Module({
  imports: [ArticlesModule, DigestModelModule, PublicationModule, RenderingModule],
  providers: [EditionContentRepository, EditionContentService, EditionLinkRepository, EditionLinks],
  exports: [EditionContentRepository, EditionContentService],
})
export class DigestContentModule {}
