import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { TransportSettings } from '../transports/transport-settings.js';
import type { DomainLimit } from './domain-rules.js';
import { PaceRepository, windowsAt, type Pace, type Use } from './pace.repository.js';
import { restAfter } from './rest.js';
import { atOnce, noneFor, placesOf, type Places } from './timetable.js';
import { allowanceOn } from '../transports/warm-up.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** When every connection a domain takes is in use: about as long as a chunk's share of it takes. */
const PERMITS_RETRY_MS = 2_000;

type Limits = TransportSettings['limits'];

/** What may go to one recipient domain under a claim. */
export interface DomainLeave extends Places {
  /** Messages that may be on their way there at one time under this claim. */
  atOneTime: number;
}

/** Places on a transport, with what it takes to give back those that are not used. */
export interface TransportPlaces extends Places {
  /** The hour and the day in which they were counted. */
  countedAt: Date | null;
  /** Where its timetable stood after them; null: no rate is kept. */
  nextAt: string | null;
}

/** Places where nothing is limited: what is sent is counted afterwards. */
export function unlimited(granted: number): TransportPlaces {
  return { ...atOnce(granted), countedAt: null, nextAt: null };
}

/** Whether anything is counted before it is sent. */
export function isLimited({ perSecond, perHour, perDay, warmUp }: Limits): boolean {
  return perSecond !== null || perHour !== null || perDay !== null || warmUp !== null;
}

/** How many more the hour and the day allow, and how long a full one lasts. */
export function allowanceLeft(limits: Limits, use: Use, now: Date): { left: number; opensInMs: number } {
  const { hour, day } = windowsAt(now);
  const ofDay = Math.min(
    limits.perDay ?? Infinity,
    limits.warmUp ? allowanceOn(limits.warmUp, now) : Infinity,
  );
  const dayLeft = ofDay - use.day;
  const hourLeft = (limits.perHour ?? Infinity) - use.hour;
  const opensAt = dayLeft <= 0 ? day.getTime() + DAY_MS : hour.getTime() + HOUR_MS;
  return { left: Math.max(Math.min(dayLeft, hourLeft), 0), opensInMs: opensAt - now.getTime() };
}

/** Keeps the limits that all workers share: of transports, and of recipient domains. */
@Injectable()
export class SendingLimits {
  constructor(
    private readonly repository: PaceRepository,
    private readonly clock: Clock,
  ) {}

  /** Places for some messages on a transport. What is not used is given back by {@link settle}. */
  async allowance({ id, limits }: TransportSettings, wanted: number): Promise<TransportPlaces> {
    if (!isLimited(limits)) return unlimited(wanted);
    const now = this.clock.now();
    const counted = { countedAt: now, nextAt: null };
    return this.repository.transaction(async (tx) => {
      const { at, paces } = await this.repository.lock(tx, id, [''], now);
      const { left, opensInMs } = allowanceLeft(limits, await this.repository.use(tx, id, now), now);
      if (left <= 0) return { ...noneFor(opensInMs), ...counted };
      const allowed = Math.min(wanted, left);
      const places =
        limits.perSecond === null
          ? atOnce(allowed)
          : placesOf(paces[0]?.nextInMs ?? 0, limits.perSecond, allowed);
      if (places.granted === 0) return { ...places, ...counted };
      await this.repository.addUse(id, places.granted, now, tx);
      if (places.everyMs === 0) return { ...places, ...counted };
      const moved = await this.repository.moveOn(tx, id, at, [endOf('', places)]);
      return { ...places, countedAt: now, nextAt: moved.get('') ?? null };
    });
  }

  /**
   * Counts what was sent. With limits the allowance was counted, so the difference is given back, to the hour and the day
   * it was taken from.
   */
  async settle({ id }: TransportSettings, places: TransportPlaces, used: number): Promise<void> {
    const { granted, everyMs, countedAt, nextAt } = places;
    const change = countedAt ? used - granted : used;
    if (change !== 0) await this.repository.addUse(id, change, countedAt ?? this.clock.now());
    if (nextAt !== null && used < granted) {
      await this.repository.moveBack(id, '', nextAt, (granted - used) * everyMs);
    }
  }

  /**
   * Leave for recipient domains.
   * @param wanted how many messages wait for each; those with no limit that are not resting get what they want
   * @param lanes more than so many are not on their way at once anyway
   */
  async domains(
    { id }: TransportSettings,
    wanted: readonly { limit: DomainLimit; n: number }[],
    holder: { token: string; leaseMs: number },
    lanes: number,
  ): Promise<Map<string, DomainLeave>> {
    // Permits first: places in a timetable that no connection is free for would be lost to all.
    const leaves = await this.takePermits(id, wanted, holder, lanes);
    const paced = wanted.filter(
      ({ limit }) => limit.perSecond !== null && (leaves.get(limit.key)?.granted ?? 0) > 0,
    );
    if (paced.length === 0) return leaves;
    await this.repository.transaction(async (tx) => {
      const keys = paced.map(({ limit }) => limit.key);
      const { at, paces } = await this.repository.lock(tx, id, keys, this.clock.now());
      const byKey = new Map(paces.map((pace) => [pace.domain, pace]));
      const moved = paced.flatMap(({ limit, n }) => {
        const places = placesFor(byKey.get(limit.key), limit.perSecond as number, n);
        leaves.set(limit.key, { ...(leaves.get(limit.key) as DomainLeave), ...places });
        return places.granted > 0 ? [endOf(limit.key, places)] : [];
      });
      await this.repository.moveOn(tx, id, at, moved);
    });
    const idle = paced.flatMap(({ limit }) =>
      limit.connections !== null && leaves.get(limit.key)?.granted === 0 ? [limit.key] : [],
    );
    if (idle.length > 0) await this.repository.giveBackPermits(holder.token, idle);
    return leaves;
  }

  /** Leave to all, except for domains whose every connection is in use. */
  private async takePermits(
    id: string,
    wanted: readonly { limit: DomainLimit; n: number }[],
    holder: { token: string; leaseMs: number },
    lanes: number,
  ): Promise<Map<string, DomainLeave>> {
    const limited = wanted.flatMap(({ limit: { key, connections }, n }) =>
      connections === null
        ? []
        : [{ domain: key, permits: connections, wanted: Math.min(n, lanes, connections) }],
    );
    const taken =
      limited.length > 0
        ? await this.repository.takePermits(id, limited, holder.token, holder.leaseMs)
        : new Map<string, number>();
    return new Map(
      wanted.map(({ limit: { key, connections }, n }) => {
        const atOneTime = connections === null ? lanes : (taken.get(key) ?? 0);
        return [key, { ...(atOneTime > 0 ? atOnce(n) : noneFor(PERMITS_RETRY_MS)), atOneTime }];
      }),
    );
  }

  async giveBackPermits(token: string): Promise<void> {
    await this.repository.giveBackPermits(token);
  }

  /** Domains that deferred us lately, and for how many milliseconds each is still to be left alone. */
  async troubled({ id }: TransportSettings): Promise<Map<string, { restMs: number }>> {
    const rows = await this.repository.troubled(id, this.clock.now());
    return new Map(rows.map(({ domain, restInMs }) => [domain, { restMs: Math.max(restInMs, 0) }]));
  }

  /** A domain asked us to wait. @returns for how many milliseconds it is left alone now */
  deferred({ id }: TransportSettings, key: string): Promise<number> {
    return this.repository.noteDeferral(id, key, this.clock.now(), restAfter);
  }

  accepted({ id }: TransportSettings, key: string): Promise<void> {
    return this.repository.noteAcceptance(id, key);
  }
}

function placesFor(pace: Pace | undefined, perSecond: number, n: number): Places {
  if (pace && pace.restInMs > 0) return noneFor(pace.restInMs);
  return placesOf(pace?.nextInMs ?? 0, perSecond, n);
}

function endOf(domain: string, { firstInMs, granted, everyMs }: Places) {
  return { domain, nextInMs: firstInMs + granted * everyMs };
}
