import { Module } from '@nestjs/common';
import { AddressHasher } from './address-hasher.js';
import { ChoiceRepository } from './choice.repository.js';
import { Choices } from './choices.js';
import { ConfirmationService } from './confirmation.service.js';
import { ConsentLedger } from './consent-ledger.js';
import { ConsentSealRepository } from './consent-seal.repository.js';
import { ConsentSealTick } from './consent-seal.tick.js';
import { ConsentSealer } from './consent-sealer.js';
import { ConsentVerifier } from './consent-verifier.js';
import { ConsentRepository } from './consent.repository.js';
import { ExportService } from './export.service.js';
import { ImportBatch } from './import-batch.js';
import { ImportRepository } from './import.repository.js';
import { ImportService } from './import.service.js';
import { InstallationSecretRepository } from './installation-secret.repository.js';
import { LinkMails } from './link-mails.js';
import { PreferencesService } from './preferences.service.js';
import { PublicationRepository } from './publication.repository.js';
import { PublicationService } from './publication.service.js';
import { ReaderRepository } from './reader.repository.js';
import { SignUpRepository } from './sign-up.repository.js';
import { SignUpService } from './sign-up.service.js';
import { SingleMailRepository } from './single-mail.repository.js';
import { SubscriberViews } from './subscriber-view.js';
import { SubscriberRepository } from './subscriber.repository.js';
import { SubscriberService } from './subscriber.service.js';
import { SubscriptionRepository } from './subscription.repository.js';
import { SuppressionRepository } from './suppression.repository.js';
import { SuppressionService } from './suppression.service.js';
import { TermsRepository } from './terms.repository.js';
import { TermsService } from './terms.service.js';
import { TopicRepository } from './topic.repository.js';
import { TopicService } from './topic.service.js';
import { UnsubscribeService } from './unsubscribe.service.js';

const services = [
  AddressHasher,
  Choices,
  ConfirmationService,
  ConsentLedger,
  ConsentSealer,
  ConsentVerifier,
  ExportService,
  ImportService,
  PreferencesService,
  PublicationService,
  SignUpService,
  SubscriberService,
  SuppressionService,
  TermsService,
  TopicService,
  UnsubscribeService,
];

/** Subscribers, topics, terms, consents and suppressions. Needs the global kernel, database and queue providers. */
@Module({
  providers: [
    ...services,
    ChoiceRepository,
    ConsentRepository,
    ConsentSealRepository,
    ConsentSealTick,
    ImportBatch,
    ImportRepository,
    InstallationSecretRepository,
    LinkMails,
    PublicationRepository,
    ReaderRepository,
    SignUpRepository,
    SingleMailRepository,
    SubscriberRepository,
    SubscriberViews,
    SubscriptionRepository,
    SuppressionRepository,
    TermsRepository,
    TopicRepository,
  ],
  exports: services,
})
export class AudienceModule {}
