import { DAY_MS } from './units.js';

/** A stretch of time during which a zone's clocks run evenly. */
export interface Span {
  /** The instant it starts at, in milliseconds. */
  from: number;
  /** Local time less UTC, in milliseconds. */
  offset: number;
}

const MAX_DAYS = 400; // kept per zone: a year of calendar; a tick asks about a few days, of 400 zones
const MAX_ZONES = 1_000; // there are 600 names; more are the same ones in other letters

const zones = new Map<string, ZoneOffsets>();

/**
 * The offsets of a zone, kept for the next call.
 * @throws RangeError for an unknown zone
 */
export function zoneOffsets(zone: string): ZoneOffsets {
  let known = zones.get(zone);
  if (!known) {
    known = new ZoneOffsets(zone);
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(zone, known);
  }
  return known;
}

/** What a zone's clocks do, found out day by day from the runtime's zone data (asking it costs a microsecond, the memory 20 ns). */
class ZoneOffsets {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, readonly Span[]>();

  constructor(zone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /**
   * The spans of a UTC day, at least one; the first starts with the day.
   * @param day days since 1970-01-01
   */
  ofDay(day: number): readonly Span[] {
    let spans = this.days.get(day);
    if (!spans) {
      spans = this.find(day * DAY_MS, (day + 1) * DAY_MS);
      if (this.days.size >= MAX_DAYS) this.days.clear();
      this.days.set(day, spans);
    }
    return spans;
  }

  /** Clocks are changed at most once in a day, so a day that ends as it began has no change. */
  private find(start: number, end: number): Span[] {
    const first = { from: start, offset: this.offsetAt(start) };
    const last = this.offsetAt(end - 1);
    if (first.offset === last) return [first];
    let before = start;
    let changed = end - 1;
    while (changed - before > 1) {
      const middle = Math.floor((before + changed) / 2);
      if (this.offsetAt(middle) === first.offset) before = middle;
      else changed = middle;
    }
    return [first, { from: changed, offset: last }];
  }

  private offsetAt(instant: number): number {
    const second = Math.floor(instant / 1000) * 1000;
    const [month = 0, day = 0, year = 0, hour, minute, s] =
      this.format.format(second).match(/\d+/g)?.map(Number) ?? [];
    return Date.UTC(year, month - 1, day, hour, minute, s) - second;
  }
}
