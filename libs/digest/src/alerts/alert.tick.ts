import { Injectable } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { AlertService } from './alert.service.js';

/** Alerts whose embargo has ended, or that nobody could make when they were due. */
@Injectable()
@OnTick({ order: 17 })
export class AlertTick implements TickTask {
  readonly name = 'alerts';

  constructor(private readonly alerts: AlertService) {}

  async run(): Promise<void> {
    await this.alerts.fire();
  }
}
