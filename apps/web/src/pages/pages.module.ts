import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { MailboxController } from '../machine/mailbox.controller.js';
import { MailboxRepository } from '../machine/mailbox.repository.js';
import { ArchiveController } from './archive.controller.js';
import { AssetsController } from './assets.controller.js';
import { ConfirmController } from './confirm.controller.js';
import { EmbedController } from './embed.controller.js';
import { ErrorPages } from './error-pages.js';
import { FrontController } from './front.controller.js';
import { PageCache } from './page-cache.js';
import { Pages } from './pages.js';
import { PreferencesController } from './preferences.controller.js';
import { SignUpForms } from './sign-up-forms.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { MailboxDoor } from '../machine/mailbox-door.js';
import { SignUpLimiter } from './sign-up-limiter.js';
import { SubscribeController } from './subscribe.controller.js';
import { TermsController } from './terms.controller.js';
import { UnsubscribePages } from './unsubscribe-pages.js';
import { UnsubscribeController } from './unsubscribe.controller.js';
import { UnsubscribeRoutes } from './unsubscribe.routes.js';

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
