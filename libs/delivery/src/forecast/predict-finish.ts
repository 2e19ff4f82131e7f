import type { WarmUp } from '#database/schema/index.js';
import { allowanceOn } from '../transports/warm-up.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Nobody plans further ahead; a plan that takes longer is as good as none. */
export const LONGEST_MS = 60 * DAY_MS;

/** What one transport may still send. */
export interface Capacity {
  perSecond: number | null;
  perHour: number | null;
  perDay: number | null;
  warmUp: WarmUp | null;
  /** Of the hour and the day that `from` lies in. */
  usedInHour: number;
  usedInDay: number;
}

/** What is to be sent. */
export interface Workload {
  from: Date;
  messages: number;
  /** As measured, of all transports together; null: not known, so the limits alone decide. */
  perSecond: number | null;
}

/** `unknown`: no rate is known and nothing limits. `too far`: not within 60 days. */
export type Prediction = Date | 'unknown' | 'too far';

/** Whether a deadline will be missed, if anything can be said. */
export function misses(prediction: Prediction, deadline: Date, now: Date): boolean {
  if (deadline < now) return true;
  if (prediction === 'too far') return deadline.getTime() < now.getTime() + LONGEST_MS;
  return prediction !== 'unknown' && prediction > deadline;
}

/**
 * When the last message will be accepted, walking hour by hour through what the limits allow.
 * @param capacities none: there are no limits
 */
export function predictFinish(work: Workload, capacities: readonly Capacity[]): Prediction {
  let left = work.messages;
  const usedInDay = capacities.map((one) => one.usedInDay);
  const end = work.from.getTime() + LONGEST_MS;
  for (let at = work.from.getTime(); at < end; at = nextHour(at)) {
    if (left <= 0) return new Date(at);
    const first = at === work.from.getTime();
    const seconds = (nextHour(at) - at) / 1000;
    if (!first && at % DAY_MS === 0) usedInDay.fill(0);
    const most = (work.perSecond ?? Infinity) * seconds;
    const allowed = capacities.map((one, index) =>
      allowedIn(one, new Date(at), seconds, first ? one.usedInHour : 0, usedInDay[index] ?? 0),
    );
    const limited = capacities.length > 0 ? allowed.reduce((sum, n) => sum + n, 0) : Infinity;
    if (Math.min(most, limited) === Infinity) return 'unknown';
    const sent = Math.min(left, most, limited);
    left -= sent;
    if (left < 0.5) {
      const rate = Math.min(work.perSecond ?? Infinity, rateOf(capacities));
      return new Date(at + Math.min((Number.isFinite(rate) ? sent / rate : 0) * 1000, seconds * 1000));
    }
    share(sent, allowed).forEach((n, index) => (usedInDay[index] = (usedInDay[index] ?? 0) + n));
  }
  return 'too far';
}

function allowedIn(
  capacity: Capacity,
  at: Date,
  seconds: number,
  usedInHour: number,
  usedInDay: number,
): number {
  const { perSecond, perHour, perDay, warmUp } = capacity;
  const ofDay = Math.min(perDay ?? Infinity, warmUp ? allowanceOn(warmUp, at) : Infinity);
  const ofHour = (perHour ?? Infinity) - usedInHour;
  return Math.max(Math.min((perSecond ?? Infinity) * seconds, ofHour, ofDay - usedInDay), 0);
}

/** Splits what was sent by what each transport could have sent. */
function share(sent: number, allowed: readonly number[]): number[] {
  const endless = allowed.filter((n) => n === Infinity).length;
  if (endless > 0) return allowed.map((n) => (n === Infinity ? sent / endless : 0));
  const sum = allowed.reduce((total, n) => total + n, 0);
  return allowed.map((n) => (sum > 0 ? (sent * n) / sum : 0));
}

function rateOf(capacities: readonly Capacity[]): number {
  if (capacities.length === 0) return Infinity;
  return capacities.reduce((sum, one) => sum + (one.perSecond ?? Infinity), 0);
}

function nextHour(at: number): number {
  return (Math.floor(at / HOUR_MS) + 1) * HOUR_MS;
}
