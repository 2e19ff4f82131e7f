import { LONGEST_MS, misses, predictFinish, type Capacity, type Prediction } from './predict-finish.js';

const from = new Date('2027-01-05T09:30:00Z');
const capacity = (overrides: Partial<Capacity> = {}): Capacity => ({
  perSecond: null,
  perHour: null,
  perDay: null,
  warmUp: null,
  usedInHour: 0,
  usedInDay: 0,
  ...overrides,
});
const finish = (messages: number, perSecond: number | null, capacities: Capacity[]) => {
  const prediction = predictFinish({ from, messages, perSecond }, capacities);
  return prediction instanceof Date ? prediction.toISOString() : prediction;
};

describe('predictFinish', () => {
  it.each<[string, number, number | null, Capacity[], string]>([
    ['nothing to send', 0, null, [], '2027-01-05T09:30:00.000Z'],
    ['nothing known', 10, null, [], 'unknown'],
    ['nothing known but an unlimited transport', 10, null, [capacity()], 'unknown'],
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
    ['more than any plan', 1_000_000, null, [capacity({ perDay: 10 })], 'too far'],
    ['a transport that may send nothing', 1, null, [capacity({ perDay: 0 })], 'too far'],
  ])('%s', (_name, messages, perSecond, capacities, expected) => {
    expect(finish(messages, perSecond, capacities)).toBe(expected);
  });
});

describe('misses', () => {
  const at = (ms: number) => new Date(from.getTime() + ms);
  it.each<[string, Prediction, Date, boolean]>([
    ['a prediction before it', at(1_000), at(2_000), false],
    ['a prediction at it', at(2_000), at(2_000), false],
    ['a prediction after it', at(3_000), at(2_000), true],
    ['nothing known', 'unknown', at(2_000), false],
    ['nothing known, and it is past', 'unknown', at(-1), true],
    ['no end in sight', 'too far', at(2_000), true],
    ['no end in sight, but more time than anybody can foretell', 'too far', at(LONGEST_MS + 1), false],
  ])('%s', (_name, prediction, deadline, expected) => {
    expect(misses(prediction, deadline, from)).toBe(expected);
  });
});
