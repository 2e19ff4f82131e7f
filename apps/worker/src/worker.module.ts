import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { ContentModule } from '#content/content.module.js';
import { DeliveryModule } from '#delivery/delivery.module.js';
import { TransportSource } from '#delivery/transports/transport-settings.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { FeedbackModule } from '#feedback/feedback.module.js';
import { IntakeModule } from '#feedback/intake/intake.module.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { MachineServer } from './machine-server.js';

/** Before any job runs, the transport of SMTP_URL is there. */
@Injectable()
class WorkerBoot implements OnApplicationBootstrap {
  constructor(private readonly transports: TransportSource) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.transports.ensureDefault();
  }
}

/** What runs jobs: the handlers and the tick's tasks are found in the modules. */
@Module({
  imports: [
    AudienceModule,
    ContentModule,
    DigestModule,
    DeliveryModule,
    TransportsModule,
    FeedbackModule,
    IntakeModule,
    OperatorsModule,
  ],
  providers: [MachineServer, WorkerBoot],
})
export class WorkerModule {}
