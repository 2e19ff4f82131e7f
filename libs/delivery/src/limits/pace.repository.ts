import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** Where the timetable of a transport, or of its mail to one domain, stands. */
export interface Pace {
  domain: string;
  /** Milliseconds until the first free place; negative: it is past. */
  nextInMs: number;
  /** Milliseconds for which the domain is left alone; 0 or less: it is not. */
  restInMs: number;
  /** Deferrals in a row. */
  deferrals: number;
}

/** Messages that were allowed in the hour and the day that are now. */
export interface Use {
  hour: number;
  day: number;
}

/** A rest that ended so long ago says nothing any more. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/** Permits to have a message on its way to a recipient domain: as many as it may have connections. */
export interface WantedPermits {
  domain: string;
  /** How many there are in all. */
  permits: number;
  wanted: number;
}

/** Full hour and midnight, UTC. */
export function windowsAt(now: Date): { hour: Date; day: Date } {
  const hour = new Date(now);
  hour.setUTCMinutes(0, 0, 0);
  const day = new Date(hour);
  day.setUTCHours(0);
  return { hour, day };
}

/**
 * The SQL of what all workers share of a transport: its timetables, its counts, and allowances for recipient domains.
 * Timetables run on the database's clock, the one that all workers have in common; rests, which last for minutes, on
 * the application's.
 */
@Injectable()
export class PaceRepository {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Locks the timetables of some domains (`''`: the transport's own), in order, and reads them. */
  async lock(
    tx: Executor,
    transportId: string,
    domains: readonly string[],
    now: Date,
  ): Promise<{ at: string; paces: Pace[] }> {
    const names = JSON.stringify([...new Set(domains)].sort());
    await tx.execute(sql`
      INSERT INTO transport_pace (transport_id, domain, updated_at)
      SELECT ${transportId}::uuid, d.domain, clock_timestamp()
      FROM jsonb_array_elements_text(${names}::jsonb) AS d(domain) ORDER BY d.domain
      ON CONFLICT DO NOTHING`);
    await tx.execute(sql`
      SELECT 1 FROM transport_pace p
      WHERE p.transport_id = ${transportId}::uuid AND p.domain IN (SELECT jsonb_array_elements_text(${names}::jsonb))
      ORDER BY p.domain FOR UPDATE`);
    // Read after the locks are held: whoever held them before may have moved the timetable.
    const found = await tx.execute(sql`
      SELECT p.domain, p.deferrals, t.at::text AS at,
        coalesce(extract(epoch FROM p.next_at - t.at) * 1000, 0)::float8 AS "nextInMs",
        coalesce(extract(epoch FROM p.resting_until - ${now.toISOString()}::timestamptz) * 1000, 0)::float8 AS "restInMs"
      FROM transport_pace p, (SELECT clock_timestamp() AS at) t
      WHERE p.transport_id = ${transportId}::uuid AND p.domain IN (SELECT jsonb_array_elements_text(${names}::jsonb))`);
    const paces = rowsOf<Pace & { at: string }>(found);
    return { at: paces[0]?.at ?? '', paces };
  }

  /** Moves timetables on. @param at what {@link lock} said. @returns where each stands now, for {@link moveBack} */
  async moveOn(
    tx: Executor,
    transportId: string,
    at: string,
    next: readonly { domain: string; nextInMs: number }[],
  ): Promise<Map<string, string>> {
    if (next.length === 0) return new Map();
    const rows = JSON.stringify(next.map(({ domain, nextInMs }) => ({ domain, next_in_ms: nextInMs })));
    const moved = await tx.execute(sql`
      UPDATE transport_pace p SET updated_at = clock_timestamp(),
        next_at = ${at}::timestamptz + n.next_in_ms * interval '1 millisecond'
      FROM jsonb_to_recordset(${rows}::jsonb) AS n(domain text, next_in_ms float8)
      WHERE p.transport_id = ${transportId}::uuid AND p.domain = n.domain
      RETURNING p.domain, p.next_at::text AS "nextAt"`);
    return new Map(
      rowsOf<{ domain: string; nextAt: string }>(moved).map(({ domain, nextAt }) => [domain, nextAt]),
    );
  }

  /** Gives the last places of a timetable back, if nobody has places after them. @param nextAt what {@link moveOn} said */
  async moveBack(transportId: string, domain: string, nextAt: string, ms: number): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE transport_pace SET next_at = next_at - ${ms}::float8 * interval '1 millisecond', updated_at = clock_timestamp()
      WHERE transport_id = ${transportId}::uuid AND domain = ${domain} AND next_at = ${nextAt}::timestamptz`);
  }

  async use(on: Executor, transportId: string, now: Date): Promise<Use> {
    const { hour, day } = windowsAt(now);
    const result = await on.execute(sql`
      SELECT period, used FROM transport_use WHERE transport_id = ${transportId}::uuid AND (
        (period = 'hour' AND starts_at = ${hour.toISOString()}::timestamptz)
        OR (period = 'day' AND starts_at = ${day.toISOString()}::timestamptz))`);
    const rows = rowsOf<{ period: 'hour' | 'day'; used: number }>(result);
    const usedIn = (period: string) => rows.find((row) => row.period === period)?.used ?? 0;
    return { hour: usedIn('hour'), day: usedIn('day') };
  }

  /** Counts messages in the hour and the day that are now. @param n negative: given back */
  async addUse(transportId: string, n: number, now: Date, on: Executor = this.database.db): Promise<void> {
    const { hour, day } = windowsAt(now);
    await on.execute(sql`
      INSERT INTO transport_use (transport_id, period, starts_at, used)
      SELECT ${transportId}::uuid, w.period, w.starts_at, greatest(${n}::int, 0)
      FROM (VALUES ('day', ${day.toISOString()}::timestamptz), ('hour', ${hour.toISOString()}::timestamptz)) AS w(period, starts_at)
      WHERE EXISTS (SELECT 1 FROM transport WHERE id = ${transportId}::uuid)
      ON CONFLICT (transport_id, period, starts_at) DO UPDATE SET used = greatest(transport_use.used + ${n}::int, 0)`);
  }

  /** Counts are kept for a month, to be looked at. */
  async forgetUseBefore(instant: Date): Promise<void> {
    await this.database.db.execute(
      sql`DELETE FROM transport_use WHERE starts_at < ${instant.toISOString()}::timestamptz`,
    );
  }

  /** Domains that are to be left alone, or were until just now. */
  async troubled(transportId: string, now: Date): Promise<Pick<Pace, 'domain' | 'restInMs' | 'deferrals'>[]> {
    const result = await this.database.db.execute(sql`
      SELECT domain, deferrals,
        (extract(epoch FROM resting_until - ${now.toISOString()}::timestamptz) * 1000)::float8 AS "restInMs"
      FROM transport_pace WHERE transport_id = ${transportId}::uuid AND deferrals > 0
        AND resting_until > ${new Date(now.getTime() - FORGOTTEN_AFTER_MS).toISOString()}::timestamptz`);
    return rowsOf(result);
  }

  /**
   * One more deferral in a row, unless the domain rests already (what was on its way then says nothing new).
   * @returns for how many milliseconds it rests now
   */
  async noteDeferral(
    transportId: string,
    domain: string,
    now: Date,
    restMs: (deferrals: number) => number,
  ): Promise<number> {
    return this.database.transaction(async (tx) => {
      const { paces } = await this.lock(tx, transportId, [domain], now);
      const pace = paces[0];
      if (!pace || pace.restInMs > 0) return pace?.restInMs ?? 0;
      const rest = restMs(pace.deferrals + 1);
      await tx.execute(sql`
        UPDATE transport_pace SET deferrals = deferrals + 1, updated_at = clock_timestamp(),
          resting_until = ${new Date(now.getTime() + rest).toISOString()}::timestamptz
        WHERE transport_id = ${transportId}::uuid AND domain = ${domain}`);
      return rest;
    });
  }

  /** The domain takes mail again: half of its bad name is forgotten each time. */
  async noteAcceptance(transportId: string, domain: string): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE transport_pace SET deferrals = deferrals / 2, updated_at = clock_timestamp()
      WHERE transport_id = ${transportId}::uuid AND domain = ${domain} AND deferrals > 0`);
  }

  /** Takes free permits for a holder (renewed with its lease), at most as many as wanted of each domain. @returns how many of each */
  async takePermits(
    transportId: string,
    wanted: readonly WantedPermits[],
    holder: string,
    leaseMs: number,
  ): Promise<Map<string, number>> {
    const result = await this.database.db.execute(sql`
      INSERT INTO domain_slot (transport_id, domain, slot, holder, until)
      SELECT ${transportId}::uuid, w.domain, free.slot, ${holder}::uuid, clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w(domain text, permits int, wanted int)
      CROSS JOIN LATERAL (
        SELECT s.slot FROM generate_series(1, w.permits) AS s(slot) WHERE NOT EXISTS (
          SELECT 1 FROM domain_slot x WHERE x.transport_id = ${transportId}::uuid AND x.domain = w.domain AND x.slot = s.slot
            AND x.until > clock_timestamp())
        ORDER BY s.slot LIMIT w.wanted) free
      ORDER BY w.domain, free.slot
      ON CONFLICT (transport_id, domain, slot) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE domain_slot.until <= clock_timestamp()
      RETURNING domain`);
    const taken = new Map<string, number>();
    for (const { domain } of rowsOf<{ domain: string }>(result))
      taken.set(domain, (taken.get(domain) ?? 0) + 1);
    return taken;
  }

  /** @param domains of these only; none: all that it holds */
  async giveBackPermits(holder: string, domains?: readonly string[]): Promise<void> {
    const ofThese = domains
      ? sql`AND domain IN (SELECT jsonb_array_elements_text(${JSON.stringify(domains)}::jsonb))`
      : sql``;
    await this.database.db.execute(sql`DELETE FROM domain_slot WHERE holder = ${holder}::uuid ${ofThese}`);
  }
}
