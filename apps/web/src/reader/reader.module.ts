import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { FeedbackModule } from '#feedback/feedback.module.js';
import { HttpModule } from '../http/http.module.js';
import { ArchiveController } from './archive/archive.controller.js';
import { RobotsController } from './site/robots.controller.js';
import { ConfirmController } from './confirm/confirm.controller.js';
import { EmbedController } from './sign-up/embed.controller.js';
import { ErrorPages } from './page/error-pages.js';
import { FrontController } from './site/front.controller.js';
import { LinksController } from './links/links.controller.js';
import { PicturesController } from './links/pictures.controller.js';
import { PageCache } from './page/page-cache.js';
import { Pages } from './page/pages.js';
import { PreferencesController } from './preferences/preferences.controller.js';
import { SignUpForms } from './sign-up/sign-up-forms.js';
import { SubscribeController } from './sign-up/subscribe.controller.js';
import { TermsController } from './site/terms.controller.js';
import { UnsubscribePages } from './unsubscribe/unsubscribe-pages.js';
import { UnsubscribeController } from './unsubscribe/unsubscribe.controller.js';
import { UnsubscribeRoutes } from './unsubscribe/unsubscribe.routes.js';

/** What readers see. */
@Module({
  imports: [AudienceModule, ContentModule, DigestModule, FeedbackModule, HttpModule],
  controllers: [
    FrontController,
    SubscribeController,
    ConfirmController,
    PreferencesController,
    UnsubscribeController,
    TermsController,
    ArchiveController,
    EmbedController,
    LinksController,
    PicturesController,
    RobotsController,
  ],
  providers: [ErrorPages, PageCache, Pages, SignUpForms, UnsubscribePages, UnsubscribeRoutes],
  exports: [ErrorPages, Pages],
})
export class ReaderModule {}
