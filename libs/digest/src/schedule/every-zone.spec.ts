/** Every zone, three years, every change of its clocks: each slot once, none lost, however the time is sliced. */
import { occurrencesAfter } from './cron.fixtures.js';
import { parseCron } from './cron.js';
import { closesAt, opensAt, openThrough, slotsBetween, type Schedule, type SlotTime } from './slot-times.js';
import { DAY_MS, HOUR_MS } from './units.js';
import { waveInstant, weekdaysServed } from './waves.js';

const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2029, 0, 1);
const AROUND_MS = 3 * DAY_MS;
const CRONS = ['*/15 * * * *', '0 * * * *', '30 2 * * *', '0 0 * * *', '0 3 * * *'];
const HOURS = [null, ...Array.from({ length: 24 }, (_, hour) => hour)];
const ODD = [
  'Africa/Casablanca',
  'Africa/Cairo',
  'America/Nuuk',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Australia/Lord_Howe',
];
// The runtime lists some by their old names, and leaves out UTC and the ends of the earth.
const ZONES = [
  ...new Set([...Intl.supportedValuesOf('timeZone'), ...ODD, 'UTC', 'Etc/GMT+12', 'Etc/GMT-14']),
];

/** At `at` (an instant) the zone's clocks go from `before` to `after` (offsets, ms). Equal offsets: a zone that never changes. */
interface Change {
  zone: string;
  at: number;
  before: number;
  after: number;
}

/** The zone's changes by looking at its clock every twelve hours, apart from the code that is tested. */
function changesOf(zone: string): Change[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const offset = (instant: number) => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) - instant;
  const changes: Change[] = [];
  let before = offset(FROM);
  for (let time = FROM; time < TO; time += 12 * HOUR_MS) {
    const after = offset(time + 12 * HOUR_MS);
    if (after === before) continue;
    let [low, high] = [time, time + 12 * HOUR_MS];
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ zone, at: high, before, after });
    before = after;
  }
  return changes.length > 0 ? changes : [{ zone, at: Date.UTC(2027, 2, 28, 1), before, after: before }];
}

const changes = ZONES.flatMap(changesOf);

/** The rule in one line: in a gap its end, otherwise what the first clock says that shows the time. */
function expectedInstant(change: Change, wall: number): number {
  if (wall < change.at + change.before) return wall - change.before;
  return Math.max(change.at, wall - change.after);
}

/** A dice that always falls the same way: mulberry32. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const slots = (schedule: Schedule, after: number, until: number) =>
  slotsBetween(schedule, new Date(after), new Date(until), 100_000);
const numbers = (found: SlotTime[]) =>
  found.map(({ at, previousAt }) => [at.getTime(), previousAt?.getTime()]);
const describeChange = ({ zone, at }: Change) => `${zone} ${new Date(at).toISOString()}`;

/** All that failed, so that one broken zone does not hide another; comparing as text keeps a million checks cheap. */
function expectEach(failures: string[]): void {
  expect(failures.slice(0, 10)).toEqual([]);
}

it('covers the changes that are known to be odd', () => {
  const shifts = changes.map(({ before, after }) => (after - before) / 60_000);
  expect(shifts).toEqual(expect.arrayContaining([-120, -60, -30, 0, 30, 60, 120]));
  // Of the years to come it takes what the runtime's zone data say: governments change their minds.
  for (const zone of ODD)
    expect(changes.filter((change) => change.zone === zone).length).toBeGreaterThanOrEqual(2);
  expect(new Set(changes.map(({ zone }) => zone))).toEqual(new Set(ZONES));
});

it('makes each slot of a fixed schedule once, in order, at the first valid instant, and loses none', () => {
  const failures: string[] = [];
  let occurrences = 0;
  for (const text of CRONS) {
    const cron = parseCron(text);
    for (const change of changes) {
      const schedule = { cron: text, timeZone: change.zone, readerLocal: false };
      const [from, to] = [change.at - AROUND_MS, change.at + AROUND_MS];
      // More on both sides, so that what belongs in (from, to] is there whatever the clocks do.
      const walls = occurrencesAfter(cron, new Date(from - 2 * DAY_MS), new Date(to + 2 * DAY_MS), 10_000);
      const all = [...new Set(walls.map((wall) => expectedInstant(change, wall.getTime())))];
      const expected = all.flatMap((at, i) => (at > from && at <= to ? [[at, all[i - 1]]] : []));
      occurrences += expected.length;
      const found = numbers(slots(schedule, from, to));
      if (JSON.stringify(found) !== JSON.stringify(expected))
        failures.push(`${text} ${describeChange(change)}`);
      if (all.some((at, i) => i > 0 && at <= all[i - 1]!))
        failures.push(`order of ${text} ${describeChange(change)}`);
    }
  }
  expectEach(failures);
  expect(occurrences).toBeGreaterThan(CRONS.length * changes.length * 5);
});

it('makes the same slots when the time is cut anywhere, and when it is ticked through', () => {
  const failures: string[] = [];
  for (const [i, change] of changes.entries()) {
    const random = dice(i);
    // The two others are among the quarters of an hour.
    for (const cron of ['*/15 * * * *', '30 2 * * *', '0 0 * * *']) {
      const schedule = { cron, timeZone: change.zone, readerLocal: false };
      const [from, to] = [change.at - AROUND_MS, change.at + AROUND_MS];
      // Anywhere, and on the spot: the change itself, a millisecond beside it, minutes around it.
      const cuts = [0, -1, 1, -HOUR_MS, HOUR_MS].map((by) => change.at + by);
      for (let n = 0; n < 3; n++) cuts.push(Math.floor(from + random() * (to - from)));
      for (let n = 0; n < 5; n++) cuts.push(change.at + Math.floor((random() - 0.5) * 240) * 60_000);
      const points = [from, ...cuts.sort((a, b) => a - b), to];
      const sliced = points.slice(1).flatMap((point, n) => numbers(slots(schedule, points[n]!, point)));
      if (JSON.stringify(sliced) !== JSON.stringify(numbers(slots(schedule, from, to)))) {
        failures.push(`${cron} ${describeChange(change)} cut at ${points.join(', ')}`);
      }
    }
  }
  expectEach(failures);
});

it('mails every zone at its own hour: in order, within the slot, on the date, at the first valid instant', () => {
  const failures: string[] = [];
  for (const change of changes) {
    const schedule = { cron: '30 2 * * *', timeZone: 'UTC', readerLocal: true };
    const days = slots(schedule, change.at - AROUND_MS, change.at + AROUND_MS);
    for (const hour of HOURS) {
      let last = -Infinity;
      for (const slot of days) {
        const due = waveInstant(slot, { zone: change.zone, hour }).getTime();
        const midnight = Math.floor(slot.at.getTime() / DAY_MS) * DAY_MS;
        const wall = hour === null ? slot.at.getTime() : midnight + hour * HOUR_MS;
        const inside = due >= opensAt(slot).getTime() && due <= closesAt(slot).getTime();
        if (due !== expectedInstant(change, wall) || due <= last || !inside) {
          failures.push(`hour ${hour} ${describeChange(change)} slot ${slot.at.toISOString()}`);
        }
        last = due;
      }
    }
  }
  expectEach(failures);
});

it('mails readers of every zone and hour after a fixed slot: within a day, at their hour, in order', () => {
  const failures: string[] = [];
  for (const change of changes) {
    const schedule = { cron: '0 6 * * *', timeZone: 'Europe/London', readerLocal: false };
    for (const hour of HOURS) {
      let last = -Infinity;
      for (const slot of slots(schedule, change.at - AROUND_MS, change.at + AROUND_MS)) {
        const due = waveInstant(slot, { zone: change.zone, hour }).getTime();
        const wall = due + (due < change.at ? change.before : change.after);
        const onHour = hour === null ? due === slot.at.getTime() : wall % DAY_MS === hour * HOUR_MS;
        const inside = due >= slot.at.getTime() && due <= closesAt(slot).getTime();
        // In a gap the hour is not shown; then it is the gap's end. Two slots may fall to one hour, when London's clocks change.
        if (!inside || due < last || !(onHour || due === change.at)) {
          failures.push(`hour ${hour} ${describeChange(change)} slot ${slot.at.toISOString()}`);
        }
        last = due;
      }
    }
  }
  expectEach(failures);
});

it('serves the weekly readers of each date by one slot, whatever their zone and hour', () => {
  const failures: string[] = [];
  for (const change of changes) {
    for (const readerLocal of [false, true]) {
      for (const cron of ['0 7 * * MON-FRI', '0 */5 * * *', '30 23 * * TUE,SAT']) {
        const found = slots(
          { cron, timeZone: 'Europe/Berlin', readerLocal },
          change.at - 5 * DAY_MS,
          change.at + 5 * DAY_MS,
        );
        for (const hour of [null, 0, 23]) {
          let last: number | undefined;
          for (const slot of found) {
            const served = weekdaysServed(slot, change.zone, hour);
            // The days follow one another; in the first slot the last is the one that none comes after.
            const expected = served.map((_, n) => (((last ?? 0) + n) % 7) + 1).sort();
            if (last !== undefined && served.join() !== expected.join()) {
              failures.push(`${cron} ${hour} ${describeChange(change)} slot ${slot.at.toISOString()}`);
            }
            last =
              last === undefined
                ? served.find((day) => !served.includes((day % 7) + 1))
                : ((last + served.length - 1) % 7) + 1;
          }
          if (last === undefined) failures.push(`${cron} ${hour} ${describeChange(change)} serves nobody`);
        }
      }
    }
  }
  expectEach(failures);
});

it('makes every local slot by the time that it opens, whenever the clock ticks', () => {
  const schedule = { cron: '0 7,19 * * *', timeZone: 'UTC', readerLocal: true };
  const all = numbers(slots(schedule, FROM, FROM + 30 * DAY_MS));
  for (let seed = 0; seed < 50; seed++) {
    const random = dice(seed);
    const made: SlotTime[] = [];
    let through = new Date(FROM);
    for (let now = FROM; now < FROM + 40 * DAY_MS; now += Math.floor(random() * DAY_MS)) {
      const until = openThrough(schedule, new Date(now));
      if (until <= through) continue;
      const fresh = slotsBetween(schedule, through, until, 1_000);
      for (const slot of fresh) expect(opensAt(slot).getTime()).toBeLessThanOrEqual(now);
      const [next] = slotsBetween(schedule, until, new Date(until.getTime() + DAY_MS), 1);
      expect(opensAt(next!).getTime()).toBeGreaterThan(now);
      made.push(...fresh);
      through = until;
    }
    expect(numbers(made).slice(0, all.length)).toEqual(all);
  }
});
