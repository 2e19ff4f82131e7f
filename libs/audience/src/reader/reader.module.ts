import { Module } from '@nestjs/common';
import { ChoicesModule } from '../choices/choices.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { MeasurementModule } from '../measurement/measurement.module.js';
import { PublicationModule } from '../publication/publication.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { Complaints } from './complaints.js';
import { ConfirmationService } from './confirmation.service.js';
import { LinkMails } from './link-mails.js';
import { PreferencesService } from './preferences.service.js';
import { SignUpRepository } from './sign-up.repository.js';
import { SignUpService } from './sign-up.service.js';
import { UnsubscribeService } from './unsubscribe.service.js';

/** What readers do: sign up, confirm, choose, leave. */
@Module({
  imports: [
    ChoicesModule,
    ConsentModule,
    MeasurementModule,
    PublicationModule,
    SubscribersModule,
    SuppressionModule,
  ],
  providers: [
    Complaints,
    ConfirmationService,
    LinkMails,
    PreferencesService,
    SignUpRepository,
    SignUpService,
    UnsubscribeService,
  ],
  exports: [Complaints, ConfirmationService, PreferencesService, SignUpService, UnsubscribeService],
})
export class AudienceReaderModule {}
