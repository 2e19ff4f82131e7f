import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { DeliveryModule } from '#delivery/delivery.module.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { MachineServer } from './machine-server.js';

/** What runs jobs: the handlers and the tick's tasks are found in the modules. */
@Module({ imports: [AudienceModule, DeliveryModule, OperatorsModule], providers: [MachineServer] })
export class WorkerModule {}
