import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { FeedsModule } from '#content/feeds/feeds.module.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { AdminModule } from './admin-files/admin.module.js';
import { ApiKeysController } from './api/api-keys.controller.js';
import { ArticlesController } from './api/editorial/articles.controller.js';
import { CalendarController } from './api/editorial/calendar.controller.js';
import { ConsentsController } from './api/audience/consents.controller.js';
import { DigestsController } from './api/editorial/digests.controller.js';
import { DocsController } from './api/docs.controller.js';
import { EditionsController } from './api/editorial/editions.controller.js';
import { FeedsController } from './api/editorial/feeds.controller.js';
import { PublicationController } from './api/audience/publication.controller.js';
import { SlotsController } from './api/editorial/slots.controller.js';
import { ExplainController, PlanController } from './api/editorial/selection.controller.js';
import { SubscribersController } from './api/audience/subscribers.controller.js';
import { SuppressionsController } from './api/audience/suppressions.controller.js';
import { TemplatesController } from './api/editorial/templates.controller.js';
import { TermsApiController } from './api/audience/terms.controller.js';
import { TopicsController } from './api/audience/topics.controller.js';
import { TransportsController } from './api/transports.controller.js';
import { Boot } from './boot.js';
import { FrontDoor } from './door/front-door.js';
import { OpenApi } from './http/open-api.js';
import { SecurityTxtController } from './health/security-txt.controller.js';
import { HealthController } from './health/health.controller.js';
import { PagesModule } from './reader/pages.module.js';
import { SessionController } from './session/session.controller.js';

/** All that HTTP shows. */
@Module({
  imports: [
    DiscoveryModule,
    AudienceModule,
    ContentModule,
    DigestModule,
    FeedsModule,
    OperatorsModule,
    TransportsModule,
    PagesModule,
    AdminModule,
  ],
  controllers: [
    ApiKeysController,
    ArticlesController,
    CalendarController,
    ConsentsController,
    DigestsController,
    DocsController,
    EditionsController,
    ExplainController,
    FeedsController,
    PlanController,
    PublicationController,
    SlotsController,
    SubscribersController,
    SuppressionsController,
    TemplatesController,
    TermsApiController,
    TopicsController,
    TransportsController,
    HealthController,
    SecurityTxtController,
    SessionController,
  ],
  providers: [OpenApi, Boot, FrontDoor],
})
export class WebModule {}
