import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { DigestContentModule } from '../content/content.module.js';
import { ExplainModule } from '../explain/explain.module.js';
import { DigestModelModule } from '../model/model.module.js';
import { DigestOperatorModule } from '../operator/operator.module.js';
import { SelectionModule } from '../selection/selection.module.js';
import { EditionPreviewService } from './edition-preview.service.js';
import { EditionTestService } from './edition-test.service.js';
import { SubscriberRepository } from './subscriber.repository.js';
import { TemplateCheckService } from './template-check.service.js';
import { TestMailRepository } from './test-mail.repository.js';

/** What operators look at before they send. */
@Module({
  imports: [
    DigestContentModule,
    DigestModelModule,
    DigestOperatorModule,
    ExplainModule,
    PublicationModule,
    RenderingModule,
    SelectionModule,
  ],
  providers: [
    EditionPreviewService,
    EditionTestService,
    SubscriberRepository,
    TemplateCheckService,
    TestMailRepository,
  ],
  exports: [EditionPreviewService, EditionTestService, TemplateCheckService],
})
export class DigestPreviewModule {}
