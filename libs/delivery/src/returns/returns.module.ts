import { Module } from '@nestjs/common';
import { ReturnedDeliveries } from './returned-deliveries.repository.js';

/** Messages that came back. */
@Module({ providers: [ReturnedDeliveries], exports: [ReturnedDeliveries] })
export class ReturnsModule {}
