import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database, type Executor } from '#database/database.js';
import type { AlarmCause } from '#database/schema/index.js';
import { OperatorNotices } from '#digest/clock/operator-notices.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { toPage, type Page } from '#kernel/input/page.js';
import { Log } from '#kernel/observing/logger.js';
import { noticeOf } from './alarm-mail.js';
import { AlarmRepository, type AlarmRow } from './alarm.repository.js';
import { alarmView, type Alarm, type AlarmQuery } from './alarm-view.js';
import { endsWhenSeen, isMailedElsewhere, isWorse, latest, type Finding } from './finding.js';

/**
 * What operators are to look at. Of a cause and subject at most one alarm is not gone; it is `open` until somebody has `seen`
 * it, and `gone` when its cause is. The operators get one mail for each, and another one when its level rises.
 */
@Injectable()
export class Alarms {
  constructor(
    private readonly database: Database,
    private readonly repository: AlarmRepository,
    private readonly publications: PublicationService,
    private readonly notices: OperatorNotices,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Opens an alarm, or brings the detail of the one that there is up to date.
   * @param tx the caller's transaction, which raises one alarm only (two that raise several would wait for each other); null: one of its own
   * @returns ids of mails to be announced ({@link OperatorNotices.announce}) after the caller's commit; with null that is done
   */
  async raise(tx: Executor | null, finding: Finding): Promise<string[]> {
    if (tx) return this.raiseIn(tx, finding);
    const mailIds = await this.database.transaction((own) => this.raiseIn(own, finding));
    await this.notices.announce(mailIds);
    return [];
  }

  private async raiseIn(tx: Executor, finding: Finding): Promise<string[]> {
    const { cause, subject, detail } = finding;
    await this.repository.lock(tx, cause, subject);
    const known = await this.repository.findCurrent(tx, cause, subject);
    const now = this.clock.now();
    if (!known) return this.open(tx, finding, now);
    const kept = latest(known.detail, detail);
    if (!isWorse(known.detail, detail)) {
      await this.repository.update(tx, known.id, { detail: kept, updatedAt: now });
      return [];
    }
    const fresh = { state: 'open', seenAt: null, seenBy: null, calledAt: null, failedCalls: 0 } as const;
    await this.repository.update(tx, known.id, { ...fresh, detail: kept, mailedAt: now, updatedAt: now });
    return this.tell(tx, finding, known.since);
  }

  private async open(tx: Executor, finding: Finding, now: Date): Promise<string[]> {
    const { publicationId, cause, subject, detail, since = now } = finding;
    const id = newId();
    await this.repository.insert(tx, {
      id,
      publicationId,
      cause,
      subject,
      state: 'open',
      since,
      detail,
      mailedAt: now,
      updatedAt: now,
    });
    this.log.warn('alarm', { alarm: id, cause, subject });
    return this.tell(tx, finding, since);
  }

  private async tell(tx: Executor, finding: Finding, since: Date): Promise<string[]> {
    if (isMailedElsewhere(finding.cause)) return [];
    return this.notices.write(tx, 'alarm', finding.publicationId, noticeOf(finding, since));
  }

  /** Ends the alarm of a cause and subject, if there is one. */
  async clear(cause: AlarmCause, subject: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.repository.lock(tx, cause, subject);
      const known = await this.repository.findCurrent(tx, cause, subject);
      if (!known) return;
      await this.repository.end(tx, known.id, this.clock.now());
      this.log.info('alarm gone', { alarm: known.id, cause, subject });
    });
  }

  async list({ limit, cursor, ...wanted }: AlarmQuery): Promise<Page<Alarm>> {
    const { id } = await this.publications.current();
    const filter = { ...wanted, limit: limit + 1, before: cursor };
    const page = toPage(await this.repository.page(this.database.db, id, filter), limit);
    return { ...page, data: page.data.map(alarmView) };
  }

  /**
   * Somebody has seen it. Of one that was seen before, or is gone, nothing changes. One of something that merely happened is
   * gone with it.
   * @param by the name of the operator or of the key; null: not known
   * @throws DomainError `not_found`
   */
  async seen(id: string, by: string | null = null): Promise<Alarm> {
    const row = await this.find(id);
    await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const isFirst = await this.repository.markSeen(tx, id, by, now);
      if (isFirst && endsWhenSeen(row.cause)) await this.repository.end(tx, id, now);
    });
    return alarmView(await this.find(id));
  }

  private async find(id: string): Promise<AlarmRow> {
    const publication = await this.publications.current();
    const row = isId(id) ? await this.repository.findById(this.database.db, publication.id, id) : undefined;
    if (!row) throw notFound('alarm');
    return row;
  }
}
