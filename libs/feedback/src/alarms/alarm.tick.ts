import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import type { AlarmCause } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { AlarmRepository, type AlarmRow } from './alarm.repository.js';
import { AlarmWebhook } from './alarm-webhook.js';
import { Alarms } from './alarms.js';
import { isCalm, isSame, latest, type Finding } from './finding.js';
import { Watch, type WatchedCause } from './watch.js';

/** Raises alarms of what is wrong, ends those of what is not any more, and tells the webhook. */
@Injectable()
@OnTick({ order: 95 })
export class AlarmTick implements TickTask {
  readonly name = 'alarms';

  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly watch: Watch,
    private readonly alarms: Alarms,
    private readonly repository: AlarmRepository,
    private readonly webhook: AlarmWebhook,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async run(): Promise<void> {
    const publication = await this.publications.current();
    const known = await this.repository.current(this.database.db, publication.id);
    for (const cause of Object.keys(this.watch.looks) as WatchedCause[]) {
      // One that can not be looked at keeps none of the others from being raised, and ends nothing.
      try {
        const found = await this.watch.looks[cause](publication, this.clock.now());
        await this.compare(
          cause,
          found,
          known.filter((alarm) => alarm.cause === cause),
        );
      } catch (error) {
        this.log.error('alarms could not be looked for; they are in a minute', error, { cause });
      }
    }
    await this.webhook.callAll(publication.id);
  }

  private async compare(cause: AlarmCause, found: Finding[], known: AlarmRow[]): Promise<void> {
    const bySubject = new Map(known.map((alarm) => [alarm.subject, alarm]));
    const unchanged: string[] = [];
    for (const finding of found) {
      const alarm = bySubject.get(finding.subject);
      if (alarm && isSame(alarm.detail, latest(alarm.detail, finding.detail))) unchanged.push(alarm.id);
      else await this.alarms.raise(null, finding);
    }
    const now = this.clock.now();
    await this.repository.touch(this.database.db, unchanged, now);
    const subjects = new Set(found.map(({ subject }) => subject));
    for (const { subject, updatedAt } of known) {
      if (!subjects.has(subject) && isCalm(cause, updatedAt, now)) await this.alarms.clear(cause, subject);
    }
  }
}
