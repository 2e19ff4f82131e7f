import { Module } from '@nestjs/common';
import { PublicationRepository } from './publication.repository.js';
import { PublicationService } from './publication.service.js';
import { TermsRepository } from './terms.repository.js';
import { TermsService } from './terms.service.js';
import { TopicRepository } from './topic.repository.js';

/** The publication, its terms and topics. */
@Module({
  providers: [PublicationRepository, PublicationService, TermsRepository, TermsService, TopicRepository],
  exports: [PublicationService, TermsService, TopicRepository],
})
export class PublicationModule {}
