import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { TransportSettings } from '../transports/transport-settings.js';
import type { DomainLimit } from './domain-rules.js';
import { PaceRepository, windowsAt, type Pace, type Use } from './pace.repository.js';
import { restAfter } from './rest.js';
import { atOnce, noneFor, placesOf, type Places } from './timetable.js';
import { allowanceOn } from './warm-up.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** When every connection a domain takes is in use: about as long as a chunk's share of it takes. */
const SLOTS_RETRY_MS = 2_000;

type Limits = TransportSettings['limits'];

/** What may go to one recipient domain under a claim. */
export interface DomainLeave extends Places {
  /** Messages that may be on their way there at one time under this claim. */
  atOneTime: number;
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

  /** Leave to send some messages over a transport. What is not used is to be given back. */
  async leave({ id, limits }: TransportSettings, wanted: number): Promise<Places> {
    if (!isLimited(limits)) return atOnce(wanted);
    const now = this.clock.now();
    return this.repository.transaction(async (tx) => {
      const { at, paces } = await this.repository.lock(tx, id, [''], now);
      const { left, opensInMs } = allowanceLeft(limits, await this.repository.use(tx, id, now), now);
      if (left <= 0) return noneFor(opensInMs);
      const allowed = Math.min(wanted, left);
      const places =
        limits.perSecond === null
          ? atOnce(allowed)
          : placesOf(paces[0]?.nextInMs ?? 0, limits.perSecond, allowed);
      if (places.granted === 0) return places;
      await this.repository.addUse(id, places.granted, now, tx);
      if (places.everyMs > 0) await this.repository.moveOn(tx, id, at, [endOf('', places)]);
      return places;
    });
  }

  /** Counts what was sent. With limits the leave was counted, so the difference is given back. */
  async settle({ id, limits }: TransportSettings, granted: number, used: number): Promise<void> {
    const change = isLimited(limits) ? used - granted : used;
    if (change !== 0) await this.repository.addUse(id, change, this.clock.now());
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
    const leaves = new Map<string, DomainLeave>(
      wanted.map(({ limit, n }) => [limit.key, { ...atOnce(n), atOneTime: lanes }]),
    );
    const paced = wanted.filter(({ limit }) => limit.perSecond !== null);
    if (paced.length > 0) {
      await this.repository.transaction(async (tx) => {
        const keys = paced.map(({ limit }) => limit.key);
        const { at, paces } = await this.repository.lock(tx, id, keys, this.clock.now());
        const byKey = new Map(paces.map((pace) => [pace.domain, pace]));
        const moved = paced.flatMap(({ limit, n }) => {
          const places = placesFor(byKey.get(limit.key), limit.perSecond as number, n);
          leaves.set(limit.key, { ...places, atOneTime: lanes });
          return places.granted > 0 ? [endOf(limit.key, places)] : [];
        });
        await this.repository.moveOn(tx, id, at, moved);
      });
    }
    await this.takeSlots(id, wanted, holder, lanes, leaves);
    return leaves;
  }

  private async takeSlots(
    id: string,
    wanted: readonly { limit: DomainLimit; n: number }[],
    holder: { token: string; leaseMs: number },
    lanes: number,
    leaves: Map<string, DomainLeave>,
  ): Promise<void> {
    const limited = wanted.flatMap(({ limit: { key, connections } }) => {
      const granted = leaves.get(key)?.granted ?? 0;
      if (connections === null || granted === 0) return [];
      return [{ domain: key, slots: connections, wanted: Math.min(granted, lanes, connections) }];
    });
    if (limited.length === 0) return;
    const taken = await this.repository.takeSlots(id, limited, holder.token, holder.leaseMs);
    for (const { domain } of limited) {
      const atOneTime = taken.get(domain) ?? 0;
      const leave = leaves.get(domain) as DomainLeave;
      leaves.set(
        domain,
        atOneTime > 0 ? { ...leave, atOneTime } : { ...noneFor(SLOTS_RETRY_MS), atOneTime: 0 },
      );
    }
  }

  async giveBackSlots(token: string): Promise<void> {
    await this.repository.giveBackSlots(token);
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
