import { predictFinish, type Capacity } from './predict-finish.js';

const from = new Date('2027-01-05T09:30:00Z');
const capacity = (overrides: Partial<Capacity> = {}): Capacity => ({
  ...{ perSecond: null, perHour: null, perDay: null, warmUp: null, usedInHour: 0, usedInDay: 0 },
  ...overrides,
});
const finish = (messages: number, perSecond: number | null, capacities: Capacity[]) =>
  predictFinish({ from, messages, perSecond }, capacities)?.toISOString();

describe('predictFinish', () => {
  it.each<[string, number, number | null, Capacity[], string | undefined]>([
    ['nothing to send', 0, null, [], '2027-01-05T09:30:00.000Z'],
    ['nothing known', 10, null, [], undefined],
    ['nothing known but an unlimited transport', 10, null, [capacity()], undefined],
    ['a measured rate', 6_000, 10, [], '2027-01-05T09:40:00.000Z'],
    ['a measured rate over hours', 90_000, 10, [], '2027-01-05T12:00:00.000Z'],
    [
      'a limit below the measured rate',
      6_000,
      100,
      [capacity({ perSecond: 10 })],
      '2027-01-05T09:40:00.000Z',
    ],
    [
      'two transports together',
      6_000,
      null,
      [capacity({ perSecond: 4 }), capacity({ perSecond: 6 })],
      '2027-01-05T09:40:00.000Z',
    ],
    // 500 of the hour are used, so 500 go now, 1,000 at ten, and the last 300 at eleven.
    [
      'so many an hour',
      1_800,
      null,
      [capacity({ perHour: 1_000, perSecond: 10, usedInHour: 500 })],
      '2027-01-05T11:00:30.000Z',
    ],
    [
      'so many a day',
      1_500,
      null,
      [capacity({ perDay: 1_000, perSecond: 10, usedInDay: 500 })],
      '2027-01-06T00:01:40.000Z',
    ],
    [
      'a warm-up: 100, 200, 400',
      700,
      null,
      [
        capacity({
          perSecond: 10,
          warmUp: { startPerDay: 100, growthPercent: 100, ceilingPerDay: 5_000, startedOn: '2027-01-05' },
        }),
      ],
      '2027-01-07T00:00:40.000Z',
    ],
    ['more than any plan', 1_000_000, null, [capacity({ perDay: 10 })], undefined],
    ['a transport that may send nothing', 1, null, [capacity({ perDay: 0 })], undefined],
  ])('%s', (_name, messages, perSecond, capacities, expected) => {
    expect(finish(messages, perSecond, capacities)).toBe(expected);
  });
});
