import { byDay, sumOf } from './stats-rows.js';

const zero = { frozen: 0, clicks: { people: 0 } };
const row = (frozen: number, people = 0) => ({ frozen, clicks: { people } });

describe('byDay', () => {
  it.each([
    ['UTC', { '2027-01-05T00:00:00.000Z': row(3, 4), '2027-01-06T00:00:00.000Z': row(4, 0) }],
    ['Europe/Berlin', { '2027-01-04T23:00:00.000Z': row(1, 4), '2027-01-05T23:00:00.000Z': row(6, 0) }],
    // Midnight is 18:30 UTC: the hour from 18:00 on began on the day before.
    ['Asia/Kolkata', { '2027-01-04T18:30:00.000Z': row(1, 4), '2027-01-05T18:30:00.000Z': row(6, 0) }],
  ])('adds hours up to the days of %s', (zone, expected) => {
    const hours = new Map([
      ['2027-01-05T18:00:00Z', row(1, 4)],
      ['2027-01-05T23:00:00Z', row(2)],
      ['2027-01-06T00:00:00Z', row(4)],
    ]);
    expect(Object.fromEntries(byDay(zero, hours, zone))).toEqual(expected);
  });

  it('knows days of 23 and of 25 hours', () => {
    const hours = (from: string, count: number) =>
      new Map(
        Array.from({ length: count }, (_, at) => [
          new Date(Date.parse(from) + at * 3_600_000).toISOString(),
          row(1),
        ]),
      );
    const days = (from: string, count: number) =>
      [...byDay(zero, hours(from, count), 'Europe/Berlin').values()].map(({ frozen }) => frozen);
    expect(days('2027-03-27T23:00:00Z', 24)).toEqual([23, 1]);
    expect(days('2027-10-30T22:00:00Z', 26)).toEqual([25, 1]);
  });
});

describe('sumOf', () => {
  it('adds name by name, also within', () => {
    expect(sumOf(zero, [row(1, 2), row(3, 4)])).toEqual(row(4, 6));
    expect(sumOf(zero, [])).toEqual(zero);
  });
});
