import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { AlarmRepository, type AlarmRow } from './alarm.repository.js';
import { alarmView } from './alarm-view.js';
import { isDue, signedCall, TRIES_AFTER_MS, type AlarmCall } from './webhook-call.js';

/** A receiver that has not answered by then is as good as none; the tick waits no longer for all of them. */
const TIMEOUT_MS = 5_000;
const AT_ONCE = 4;
/** Looked at per tick; what is left waits for the next one. */
const PER_TICK = 100;

/**
 * Tells ALARM_WEBHOOK_URL of alarms, by calls signed as Standard Webhooks has it. Each is tried until it is taken or given up;
 * the same call has the same id. The URL is the operator's own configuration and may well be on a private network, so it is
 * not fetched through the guard that is for readers' and feeds' URLs; redirects are not followed.
 */
@Injectable()
export class AlarmWebhook {
  constructor(
    private readonly database: Database,
    private readonly repository: AlarmRepository,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Makes the calls that are due. Once one fails the others wait for the next tick: they would go to the same receiver. */
  async callAll(publicationId: string): Promise<void> {
    const receiver = this.config.alarmWebhook;
    if (!receiver) return;
    const { db } = this.database;
    const now = this.clock.now();
    const rows = await this.repository.untold(db, publicationId, TRIES_AFTER_MS.length, PER_TICK);
    const due = rows.filter((row) => isDue(callOf(row).at, row.failedCalls, now));
    for (let at = 0; at < due.length; at += AT_ONCE) {
      const taken = await Promise.all(due.slice(at, at + AT_ONCE).map((row) => this.call(receiver, row)));
      if (taken.includes(false)) return;
    }
  }

  /** @returns false: the receiver did not take it */
  private async call(receiver: { url: string; secret: string }, row: AlarmRow): Promise<boolean> {
    const { db } = this.database;
    if (!(await this.repository.beginCall(db, row))) return true;
    const call = callOf(row);
    const failure = await this.post(receiver.url, signedCall(call, receiver.secret, this.clock.now()));
    if (failure === null) {
      await this.repository.endCall(db, row, call.type === 'alarm.gone', this.clock.now());
      return true;
    }
    const failed = row.failedCalls + 1;
    const what = { alarm: row.id, type: call.type, failed, failure };
    if (failed < TRIES_AFTER_MS.length) this.log.warn('the webhook of alarms did not take a call', what);
    else this.log.error('a call of the webhook of alarms is given up', undefined, what);
    return false;
  }

  /** @returns why it was not taken; null: it was */
  private async post(
    url: string,
    { body, headers }: { body: string; headers: Record<string, string> },
  ): Promise<string | null> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
      await answer.body?.cancel();
      return answer.ok ? null : `status ${answer.status}`;
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } };
      return cause?.code ?? name;
    }
  }
}

/** What the receiver is to hear next of an alarm: that it began, before that it is gone. */
function callOf(row: AlarmRow): AlarmCall {
  const alarm = alarmView(row);
  return row.calledAt === null
    ? { type: 'alarm.opened', alarm, at: row.mailedAt ?? row.since }
    : { type: 'alarm.gone', alarm, at: row.until ?? row.since };
}
