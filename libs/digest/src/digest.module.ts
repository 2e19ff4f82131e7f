import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { Metrics } from '#kernel/metrics.js';
import { EditionCompiler } from '#rendering/edition-compiler.js';
import { ArchiveRepository } from './archive.repository.js';
import { ArchiveService } from './archive.service.js';
import { DigestRepository } from './digest.repository.js';
import { DigestService } from './digest.service.js';
import { EditionChecks } from './edition-checks.js';
import { EditionContentRepository } from './edition-content.repository.js';
import { EditionContentService } from './edition-content.service.js';
import { EditionPreviewService } from './edition-preview.service.js';
import { EditionRepository } from './edition.repository.js';
import { EditionDeliveries } from './edition-deliveries.service.js';
import { EditionTestService } from './edition-test.service.js';
import { EditionService } from './edition.service.js';
import { EditionViews } from './edition-views.js';
import { ExplainRepository } from './explain/explain.repository.js';
import { ExplainService } from './explain/explain.service.js';
import { PlanRepository } from './explain/plan.repository.js';
import { PlanService } from './explain/plan.service.js';
import { CandidateRepository } from './selection/candidate.repository.js';
import { SelectionRepository } from './selection/selection.repository.js';
import { WaveRepository } from './selection/wave.repository.js';
import { WaveService } from './selection/wave.service.js';
import { SubscriberRepository } from './subscriber.repository.js';

const services = [
  ArchiveService,
  DigestService,
  EditionService,
  EditionContentService,
  EditionPreviewService,
  EditionTestService,
  EditionDeliveries,
  WaveService,
  ExplainService,
  PlanService,
];

/** Digests and editions. Needs the global kernel, database and queue providers. */
@Module({
  imports: [AudienceModule, ContentModule],
  providers: [
    ...services,
    ArchiveRepository,
    DigestRepository,
    EditionRepository,
    EditionChecks,
    EditionViews,
    EditionContentRepository,
    CandidateRepository,
    ExplainRepository,
    PlanRepository,
    SelectionRepository,
    WaveRepository,
    SubscriberRepository,
    {
      provide: EditionCompiler,
      inject: [Metrics],
      useFactory: (metrics: Metrics) =>
        new EditionCompiler({ onCompile: (template) => metrics.mjmlCompiles.inc({ template }) }),
    },
  ],
  exports: services,
})
export class DigestModule {}
