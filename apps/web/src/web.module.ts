import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { FeedsModule } from '#content/feeds/feeds.module.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { AdminModule } from './admin/admin.module.js';
import { ApiKeysController } from './api/api-keys.controller.js';
import { ArticlesController } from './api/articles.controller.js';
import { CalendarController } from './api/calendar.controller.js';
import { ConsentsController } from './api/consents.controller.js';
import { DigestsController } from './api/digests.controller.js';
import { DocsController } from './api/docs.controller.js';
import { EditionsController } from './api/editions.controller.js';
import { FeedsController } from './api/feeds.controller.js';
import { PublicationController } from './api/publication.controller.js';
import { SlotsController } from './api/slots.controller.js';
import { ExplainController, PlanController } from './api/selection.controller.js';
import { SubscribersController } from './api/subscribers.controller.js';
import { SuppressionsController } from './api/suppressions.controller.js';
import { TemplatesController } from './api/templates.controller.js';
import { TermsApiController } from './api/terms.controller.js';
import { TopicsController } from './api/topics.controller.js';
import { TransportsController } from './api/transports.controller.js';
import { Boot } from './boot.js';
import { FrontDoor } from './http/front-door.js';
import { OpenApi } from './http/open-api.js';
import { SecurityTxtController } from './machine/security-txt.controller.js';
import { HealthController } from './machine/health.controller.js';
import { PagesModule } from './pages/pages.module.js';
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
