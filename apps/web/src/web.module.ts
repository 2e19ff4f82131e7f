import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { FeedbackModule } from '#feedback/feedback.module.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { AdminModule } from './admin-files/admin.module.js';
import { ApiModule } from './api/api.module.js';
import { QueueBoard } from './board/queue-board.js';
import { Boot } from './boot.js';
import { FrontDoor } from './door/front-door.js';
import { HooksModule } from './hooks/hooks.module.js';
import { HttpModule } from './http/http.module.js';
import { SecurityTxtController } from './health/security-txt.controller.js';
import { HealthController } from './health/health.controller.js';
import { MailboxModule } from './mailbox/mailbox.module.js';
import { ReaderModule } from './reader/reader.module.js';
import { FirstRunController } from './session/first-run.controller.js';
import { LinksController } from './session/links.controller.js';
import { OidcController } from './session/oidc.controller.js';
import { SessionController } from './session/session.controller.js';
import { StepLimiter } from './session/step-limiter.js';

/** All that HTTP shows. */
@Module({
  imports: [
    DiscoveryModule,
    AudienceModule,
    ContentModule,
    DigestModule,
    FeedbackModule,
    OperatorsModule,
    TransportsModule,
    ApiModule,
    HooksModule,
    HttpModule,
    ReaderModule,
    MailboxModule,
    AdminModule,
  ],
  controllers: [
    HealthController,
    SecurityTxtController,
    FirstRunController,
    LinksController,
    OidcController,
    SessionController,
  ],
  providers: [Boot, FrontDoor, QueueBoard, StepLimiter],
})
export class WebModule {}
