import { Module } from '@nestjs/common';
import { AddressHasher } from './suppression/address-hasher.js';
import { ChoiceRepository } from './choices/choice.repository.js';
import { Choices } from './choices/choices.js';
import { ConfirmationService } from './reader/confirmation.service.js';
import { ConsentLedger } from './consent/consent-ledger.js';
import { ConsentSealRepository } from './consent/consent-seal.repository.js';
import { ConsentSealTick } from './consent/consent-seal.tick.js';
import { ConsentSealer } from './consent/consent-sealer.js';
import { ConsentVerifier } from './consent/consent-verifier.js';
import { ConsentRepository } from './consent/consent.repository.js';
import { ExportService } from './operator/export.service.js';
import { ImportBatch } from './operator/import-batch.js';
import { ImportRepository } from './operator/import.repository.js';
import { ImportService } from './operator/import.service.js';
import { InstallationSecretRepository } from './suppression/installation-secret.repository.js';
import { LinkMails } from './reader/link-mails.js';
import { PreferencesService } from './reader/preferences.service.js';
import { PublicationRepository } from './publication/publication.repository.js';
import { PublicationService } from './publication/publication.service.js';
import { ReaderRepository } from './subscribers/reader.repository.js';
import { SignUpRepository } from './reader/sign-up.repository.js';
import { SignUpService } from './reader/sign-up.service.js';
import { SingleMailRepository } from './subscribers/single-mail.repository.js';
import { SubscriberViews } from './operator/subscriber-view.js';
import { SubscriberRepository } from './subscribers/subscriber.repository.js';
import { SubscriberService } from './operator/subscriber.service.js';
import { SubscriptionRepository } from './subscribers/subscription.repository.js';
import { SuppressionRepository } from './suppression/suppression.repository.js';
import { SuppressionService } from './suppression/suppression.service.js';
import { TermsRepository } from './publication/terms.repository.js';
import { TermsService } from './publication/terms.service.js';
import { TopicRepository } from './publication/topic.repository.js';
import { TopicService } from './operator/topic.service.js';
import { UnsubscribeService } from './reader/unsubscribe.service.js';

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
