import { Module } from '@nestjs/common';
import { DeliveryCountsModule } from './counts/counts.module.js';
import { DeliveryEditionsModule } from './editions/editions.module.js';
import { ForecastModule } from './forecast/forecast.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { RecoveryModule } from './recovery/recovery.module.js';
import { ResendModule } from './resend/resend.module.js';
import { RoutesModule } from './routes/routes.module.js';
import { TransportsModule } from './transports/transports.module.js';

const rooms = [
  ResendModule,
  RecoveryModule,
  OutboxModule,
  DeliveryEditionsModule,
  ForecastModule,
  ProvidersModule,
  RoutesModule,
  TransportsModule,
  DeliveryCountsModule,
];

/** Sends editions and single mails. Runs in the worker. */
@Module({ imports: rooms, exports: rooms })
export class DeliveryModule {}
