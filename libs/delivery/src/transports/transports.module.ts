import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { EnvironmentTransport } from './environment-transport.js';
import { TransportDkim } from './transport-dkim.service.js';
import { TransportSecrets } from './transport-secrets.js';
import { TransportSource } from './transport-settings.js';
import { TransportTester } from './transport-test.service.js';
import { TransportRepository } from './transport.repository.js';
import { TransportService } from './transport.service.js';

/** What transports there are. Nothing here sends readers' mail, so that web may have it too. */
@Module({
  imports: [AudienceModule, MessagesModule],
  providers: [
    EnvironmentTransport,
    TransportDkim,
    TransportRepository,
    TransportSecrets,
    TransportService,
    TransportSource,
    TransportTester,
  ],
  exports: [TransportDkim, TransportService, TransportSource, TransportTester],
})
export class TransportsModule {}
