import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#database/database.js';
import { ALARM_CAUSES } from '#database/schema/index.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { AlarmRepository } from './alarm.repository.js';

const EVERY_MS = 30_000;

/** Keeps `broadsheet_alarms` as the database has it, in every process: only one of them runs the tick. */
@Injectable()
export class AlarmGauge implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly repository: AlarmRepository,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.count().catch((error: unknown) => this.log.debug('alarms not counted', { error }));
    }, EVERY_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  async count(): Promise<void> {
    const open = new Map(
      (await this.repository.countOpen(this.database.db)).map((row) => [row.cause, row.open]),
    );
    for (const cause of ALARM_CAUSES) this.metrics.openAlarms.set({ cause }, open.get(cause) ?? 0);
  }
}
