import { Module } from '@nestjs/common';
import { MailDomainRepository } from './mail-domain.repository.js';
import { MailDomainsTick } from './mail-domains.tick.js';
import { MailExchanges } from './mail-exchanges.js';

/** Who takes the mail of which domain. */
@Module({ providers: [MailDomainRepository, MailDomainsTick, MailExchanges] })
export class ProvidersModule {}
