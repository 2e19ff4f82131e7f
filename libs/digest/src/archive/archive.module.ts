import { Module } from '@nestjs/common';
import { RenderingModule } from '#rendering/rendering.module.js';
import { DigestContentModule } from '../content/content.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { ArchiveRepository } from './archive.repository.js';
import { ArchiveService } from './archive.service.js';

/** What the public sees. */
@Module({
  imports: [DigestContentModule, DigestModelModule, RenderingModule],
  providers: [ArchiveRepository, ArchiveService],
  exports: [ArchiveService],
})
export class ArchiveModule {}
