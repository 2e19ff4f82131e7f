import fc from 'fast-check';
import type { WarmUp } from '#database/schema/index.js';
import { allowanceOn } from './warm-up.js';

const plan = (overrides: Partial<WarmUp> = {}): WarmUp => ({
  startPerDay: 1000,
  growthPercent: 15,
  ceilingPerDay: 100_000,
  startedOn: '2026-11-01',
  ...overrides,
});

describe('allowanceOn', () => {
  it.each<[string, string, Partial<WarmUp>, number]>([
    ['the day before the first', '2026-10-31T23:59:59.999Z', {}, 0],
    ['the first instant of the first day', '2026-11-01T00:00:00Z', {}, 1000],
    ['the last instant of the first day', '2026-11-01T23:59:59.999Z', {}, 1000],
    ['the second day', '2026-11-02T12:00:00Z', {}, 1150],
    ['the third day', '2026-11-03T12:00:00Z', {}, 1322],
    ['a day in the next month', '2026-12-01T12:00:00Z', {}, 66_211],
    ['the day that reaches the ceiling', '2026-12-04T12:00:00Z', {}, 100_000],
    ['a day years later', '2096-11-01T12:00:00Z', {}, 100_000],
    ['a plan that does not grow', '2026-12-01T12:00:00Z', { growthPercent: 0 }, 1000],
    ['part of a message', '2026-11-02T12:00:00Z', { startPerDay: 3, growthPercent: 50 }, 4],
    ['a start at the ceiling', '2026-11-01T12:00:00Z', { ceilingPerDay: 1000 }, 1000],
  ])('%s', (_, at, overrides, allowed) => {
    expect(allowanceOn(plan(overrides), new Date(at))).toBe(allowed);
  });

  it('never shrinks, and stays between start and ceiling', () => {
    const plans = fc.record({
      startPerDay: fc.integer({ min: 1, max: 10_000 }),
      growthPercent: fc.integer({ min: 0, max: 1000 }),
      more: fc.integer({ min: 0, max: 1_000_000 }),
      day: fc.integer({ min: 0, max: 5000 }),
    });
    fc.assert(
      fc.property(plans, ({ more, day, ...given }) => {
        const ceilingPerDay = given.startPerDay + more;
        const on = (n: number) =>
          allowanceOn(plan({ ...given, ceilingPerDay }), new Date(Date.UTC(2026, 10, 1 + n)));
        expect(on(0)).toBe(given.startPerDay);
        expect(on(day + 1)).toBeGreaterThanOrEqual(on(day));
        expect(on(day)).toBeLessThanOrEqual(ceilingPerDay);
      }),
    );
  });
});
