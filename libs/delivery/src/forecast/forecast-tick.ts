import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#database/database.js';
import type { Forecast } from '#database/schema/index.js';
import { EditionRepository } from '#digest/model/edition.repository.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { ForecastRepository, type Progress } from './forecast.repository.js';
import { misses, predictFinish, type Capacity } from './predict-finish.js';

/** Between ticks too, so that an operator who watches an edition sees it move. */
const EVERY_MS = 10_000;
/** How much the latest measurement counts beside the earlier ones. */
const WEIGHT_OF_NEWEST = 0.5;

/** Foretells when editions will be finished, and warns of those that will miss their deadline. */
@Injectable()
@OnTick({ order: 40 })
export class ForecastTick implements TickTask, OnApplicationBootstrap, OnModuleDestroy {
  readonly name = 'forecast';
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly repository: ForecastRepository,
    private readonly editions: EditionRepository,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.run().catch((error: unknown) => this.log.debug('no forecast', { error }));
    }, EVERY_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running?.catch(() => undefined); // said where it was started
  }

  run(): Promise<void> {
    this.running ??= this.foretellAll().finally(() => (this.running = undefined));
    return this.running;
  }

  private async foretellAll(): Promise<void> {
    const editions = await this.repository.find();
    const now = this.clock.now();
    const capacities = editions.length > 0 ? await this.repository.capacities(now) : [];
    let late = 0;
    for (const edition of editions) if (await this.foretell(edition, capacities, now)) late += 1;
    this.metrics.lateEditions.set(late);
  }

  /** @returns whether it will be late */
  private async foretell(edition: Progress, capacities: readonly Capacity[], now: Date): Promise<boolean> {
    const forecast = measured(edition, now);
    const { deadline } = edition;
    const isWaiting = edition.status === 'scheduled' && edition.sendAt !== null && edition.sendAt > now;
    const from = isWaiting ? (edition.sendAt as Date) : now;
    const prediction = predictFinish(
      {
        from,
        messages: edition.status === 'scheduled' ? edition.recipients : edition.open,
        perSecond: forecast.perSecond ?? (await this.repository.lastRate()),
      },
      isWaiting ? await this.repository.capacities(from) : capacities,
    );
    const finishAt = prediction instanceof Date ? prediction : null;
    const isLate = deadline !== null && misses(prediction, deadline, now);
    if (
      await this.editions.foretell(this.database.db, edition.id, { finishAt, late: isLate, forecast }, now)
    ) {
      this.log.warn('an edition will miss its deadline', {
        edition: edition.id,
        deadline: deadline?.toISOString(),
        open: edition.open,
        predictedFinish: finishAt?.toISOString(),
      });
    }
    return isLate;
  }
}

/** How fast it goes, by what has ended since the last look; a paused one keeps the pace it had. */
export function measured({ status, open, recipients, startedAt, forecast }: Progress, now: Date): Forecast {
  const at = now.toISOString();
  if (status !== 'sending' || !startedAt) return { at, open, perSecond: forecast?.perSecond ?? null };
  const since = forecast && Date.parse(forecast.at) > startedAt.getTime() ? Date.parse(forecast.at) : null;
  const before = since === null ? recipients : (forecast?.open ?? recipients);
  const seconds = (now.getTime() - (since ?? startedAt.getTime())) / 1000;
  if (seconds < 1) return forecast ?? { at, open, perSecond: null };
  const latest = Math.max(before - open, 0) / seconds;
  const earlier = forecast?.perSecond;
  const perSecond = earlier == null ? latest : latest * WEIGHT_OF_NEWEST + earlier * (1 - WEIGHT_OF_NEWEST);
  return { at, open, perSecond: perSecond > 0 ? perSecond : (earlier ?? null) };
}
