import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { MailboxController } from '../mailbox/mailbox.controller.js';
import { MailboxRepository } from '../mailbox/mailbox.repository.js';
import { ArchiveController } from './archive/archive.controller.js';
import { AssetsController } from './site/assets.controller.js';
import { ConfirmController } from './confirm/confirm.controller.js';
import { EmbedController } from './sign-up/embed.controller.js';
import { ErrorPages } from './page/error-pages.js';
import { FrontController } from './site/front.controller.js';
import { PageCache } from './page/page-cache.js';
import { Pages } from './page/pages.js';
import { PreferencesController } from './preferences/preferences.controller.js';
import { SignUpForms } from './sign-up/sign-up-forms.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { MailboxDoor } from '../http/mailbox-door.js';
import { SignUpLimiter } from '../http/sign-up-limiter.js';
import { SubscribeController } from './sign-up/subscribe.controller.js';
import { TermsController } from './site/terms.controller.js';
import { UnsubscribePages } from './unsubscribe/unsubscribe-pages.js';
import { UnsubscribeController } from './unsubscribe/unsubscribe.controller.js';
import { UnsubscribeRoutes } from './unsubscribe/unsubscribe.routes.js';

/** What readers see. */
@Module({
  imports: [AudienceModule, ContentModule, DigestModule, TransportsModule],
  controllers: [
    FrontController,
    SubscribeController,
    ConfirmController,
    PreferencesController,
    UnsubscribeController,
    TermsController,
    ArchiveController,
    EmbedController,
    AssetsController,
    MailboxController,
  ],
  providers: [
    ErrorPages,
    MailboxDoor,
    MailboxRepository,
    PageCache,
    Pages,
    SignUpForms,
    SignUpLimiter,
    UnsubscribePages,
    UnsubscribeRoutes,
  ],
  exports: [ErrorPages, MailboxDoor, Pages, SignUpLimiter],
})
export class PagesModule {}
