import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { ExpectedEndsModule } from '#delivery/forecast/expected-ends.module.js';
import { ResendModule } from '#delivery/resend/resend.module.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { FeedbackModule } from '#feedback/feedback.module.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { HttpModule } from '../http/http.module.js';
import { OpenApi } from './open-api.js';
import { AlarmsController } from './feedback/alarms.controller.js';
import { AccountController } from './people/account.controller.js';
import { ApiKeysController } from './people/api-keys.controller.js';
import { AuditController } from './people/audit.controller.js';
import { InvitationsController, OperatorsController } from './people/operators.controller.js';
import { SessionsController } from './people/sessions.controller.js';
import { ArticlesController } from './editorial/articles.controller.js';
import { CalendarController } from './editorial/calendar.controller.js';
import { BulkController } from './audience/bulk.controller.js';
import { ConsentsController } from './audience/consents.controller.js';
import { DeliverabilityController } from './feedback/deliverability.controller.js';
import { DigestsController } from './editorial/digests.controller.js';
import { DocsController } from './docs.controller.js';
import { EditionLinksController } from './editorial/edition-links.controller.js';
import { EditionDeskController } from './editorial/edition-desk.controller.js';
import { EditionsController } from './editorial/editions.controller.js';
import { FeedbackController } from './feedback/feedback.controller.js';
import { EventsController } from './live/events.controller.js';
import { ExplainController, PlanController } from './editorial/selection.controller.js';
import { FeedsController } from './editorial/feeds.controller.js';
import { ExportsController } from './audience/exports.controller.js';
import { ImportsController } from './audience/imports.controller.js';
import { PublicationController } from './audience/publication.controller.js';
import { SlotsController } from './editorial/slots.controller.js';
import { StatsController } from './feedback/stats.controller.js';
import { SubscribersController } from './audience/subscribers.controller.js';
import { SuppressionsController } from './audience/suppressions.controller.js';
import { TemplatesController } from './editorial/templates.controller.js';
import { TermsApiController } from './audience/terms.controller.js';
import { TopicsController } from './audience/topics.controller.js';
import { TransportHookController } from './transport-hook.controller.js';
import { TransportsController } from './transports.controller.js';

/** The API, and its description. */
@Module({
  imports: [
    DiscoveryModule,
    HttpModule,
    AudienceModule,
    ContentModule,
    DigestModule,
    FeedbackModule,
    OperatorsModule,
    ExpectedEndsModule,
    ResendModule,
    TransportsModule,
  ],
  controllers: [
    AccountController,
    AlarmsController,
    ApiKeysController,
    ArticlesController,
    AuditController,
    BulkController, // before the subscribers, of whom none is called bulk
    CalendarController,
    ConsentsController,
    DeliverabilityController,
    DigestsController,
    DocsController,
    EditionLinksController,
    EditionDeskController,
    EditionsController,
    EventsController,
    ExplainController,
    ExportsController,
    FeedbackController,
    FeedsController,
    ImportsController,
    InvitationsController,
    OperatorsController,
    PlanController,
    PublicationController,
    SessionsController,
    SlotsController,
    StatsController,
    SubscribersController,
    SuppressionsController,
    TemplatesController,
    TermsApiController,
    TopicsController,
    TransportHookController,
    TransportsController,
  ],
  providers: [OpenApi],
})
export class ApiModule {}
