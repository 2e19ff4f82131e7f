import { Module } from '@nestjs/common';
import { BulkModule } from './bulk/bulk.module.js';
import { ChoicesModule } from './choices/choices.module.js';
import { ConsentModule } from './consent/consent.module.js';
import { FindingModule } from './finding/finding.module.js';
import { AudienceNumbersModule } from './numbers/numbers.module.js';
import { AudienceOperatorModule } from './operator/operator.module.js';
import { PublicationModule } from './publication/publication.module.js';
import { AudienceReaderModule } from './reader/reader.module.js';
import { SubscribersModule } from './subscribers/subscribers.module.js';
import { SuppressionModule } from './suppression/suppression.module.js';

const rooms = [
  BulkModule,
  FindingModule,
  AudienceOperatorModule,
  AudienceReaderModule,
  SuppressionModule,
  SubscribersModule,
  ConsentModule,
  ChoicesModule,
  PublicationModule,
  AudienceNumbersModule,
];

/** Subscribers, topics, terms, consents and suppressions. Needs the global kernel, database and queue providers. */
@Module({ imports: rooms, exports: rooms })
export class AudienceModule {}
