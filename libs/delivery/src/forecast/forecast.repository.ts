import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { isMailable } from '#audience/subscribers/mailable.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { Forecast } from '#database/schema/index.js';
import type { Capacity } from './predict-finish.js';
import { windowsAt } from '../limits/pace.repository.js';

/** An edition whose end is to be foretold. */
export interface Progress {
  id: string;
  status: string;
  sendAt: Date | null;
  startedAt: Date | null;
  deadline: Date | null;
  lateSince: Date | null;
  forecast: Forecast | null;
  recipients: number;
  /** Recipients without an outcome. */
  open: number;
}

type Raw<T> = { [K in keyof T]: T[K] extends Date | null ? string | Date | null : T[K] };

const toDate = (value: string | Date | null) => (value === null ? null : new Date(value));

/** The SQL of forecasts. */
@Injectable()
export class ForecastRepository {
  constructor(private readonly database: Database) {}

  /** Editions on their way, and those with a deadline that wait for their time. */
  async find(): Promise<Progress[]> {
    const result = await this.database.db.execute(sql`
      SELECT e.id, e.status, e.send_at AS "sendAt", e.started_at AS "startedAt", e.deadline, e.late_since AS "lateSince", e.forecast,
        CASE WHEN e.status = 'scheduled' THEN (
          SELECT count(*)::int FROM subscription u JOIN subscriber s ON s.id = u.subscriber_id
          WHERE u.digest_id = e.digest_id AND ${isMailable}) ELSE e.recipients END AS recipients,
        (SELECT count(*)::int FROM delivery d WHERE d.edition_id = e.id AND d.status = 'queued')
        + (SELECT count(*)::int FROM delivery d WHERE d.edition_id = e.id AND d.status = 'claimed') AS open
      FROM edition e
      WHERE e.status IN ('preparing', 'sending', 'paused') OR (e.status = 'scheduled' AND e.deadline IS NOT NULL)`);
    return rowsOf<Raw<Progress>>(result).map((row) => ({
      ...row,
      sendAt: toDate(row.sendAt),
      startedAt: toDate(row.startedAt),
      deadline: toDate(row.deadline),
      lateSince: toDate(row.lateSince),
    }));
  }

  /** Outcomes a second of the last edition of more than a handful that was sent; null: there is none. */
  async lastRate(): Promise<number | null> {
    const result = await this.database.db.execute(sql`
      SELECT (recipients / greatest(extract(epoch FROM finished_at - started_at), 1))::float8 AS rate FROM edition
      WHERE status = 'sent' AND recipients >= 100 ORDER BY finished_at DESC LIMIT 1`);
    return rowsOf<{ rate: number }>(result)[0]?.rate ?? null;
  }

  /** What the transports may send from an instant on. A spare one counts unless another can always be used. */
  async capacities(now: Date): Promise<Capacity[]> {
    const { hour, day } = windowsAt(now);
    const used = (period: string, since: Date) => sql`coalesce((SELECT used FROM transport_use u
      WHERE u.transport_id = t.id AND u.period = ${period} AND u.starts_at = ${since.toISOString()}::timestamptz), 0)`;
    const result = await this.database.db.execute(sql`
      SELECT t.per_second AS "perSecond", t.per_hour AS "perHour", t.per_day AS "perDay", t.warm_up AS "warmUp",
        ${used('hour', hour)} AS "usedInHour", ${used('day', day)} AS "usedInDay"
      FROM transport t WHERE t.enabled AND (t.weight > 0 OR NOT EXISTS (
        SELECT 1 FROM transport o WHERE o.enabled AND o.weight > 0
          AND o.per_hour IS NULL AND o.per_day IS NULL AND o.warm_up IS NULL))`);
    return rowsOf(result);
  }
}
