import { DomainError } from '#kernel/errors/errors.js';
import { closesAt, opensAt, openThrough, slotsBetween } from './slot-times.js';

const at = (text: string) => new Date(`${text.replace(' ', 'T')}Z`);
const shown = (date: Date | null) => date?.toISOString().slice(0, 16).replace('T', ' ') ?? null;

function slots(cron: string, timeZone: string | null, after: string, until: string, limit = 100) {
  const schedule = { cron, timeZone: timeZone ?? 'UTC', readerLocal: timeZone === null };
  return slotsBetween(schedule, at(after), at(until), limit).map((slot) => [
    shown(slot.at),
    shown(slot.previousAt),
  ]);
}

it.each<[string, string, string | null, string, string, [string, string | null][]]>([
  [
    'a gap: at its end',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-03-28 12:00',
    '2026-03-30 12:00',
    [
      ['2026-03-29 01:00', '2026-03-28 01:30'],
      ['2026-03-30 00:30', '2026-03-29 01:00'],
    ],
  ],
  [
    'several in a gap: one slot',
    '*/30 2-3 * * *',
    'Europe/Berlin',
    '2026-03-29 00:00',
    '2026-03-29 12:00',
    [
      ['2026-03-29 01:00', '2026-03-28 02:30'],
      ['2026-03-29 01:30', '2026-03-29 01:00'],
    ],
  ],
  [
    'an hour that comes twice: once',
    '*/30 2 * * *',
    'Europe/Berlin',
    '2026-10-25 00:00',
    '2026-10-26 01:00',
    [
      ['2026-10-25 00:30', '2026-10-25 00:00'],
      ['2026-10-26 01:00', '2026-10-25 00:30'],
    ],
  ],
  [
    'asked in the second of the hours',
    '*/30 2 * * *',
    'Europe/Berlin',
    '2026-10-25 01:10',
    '2026-10-26 01:00',
    [['2026-10-26 01:00', '2026-10-25 00:30']],
  ],
  [
    'a day left out',
    '0 */8 * * *',
    'Pacific/Apia',
    '2011-12-30 01:00',
    '2011-12-30 20:00',
    [
      ['2011-12-30 02:00', '2011-12-29 18:00'],
      ['2011-12-30 10:00', '2011-12-30 02:00'],
      ['2011-12-30 18:00', '2011-12-30 10:00'],
    ],
  ],
  [
    'no midnight',
    '0 0 * * *',
    'Africa/Cairo',
    '2026-04-23 00:00',
    '2026-04-24 23:00',
    [
      ['2026-04-23 22:00', '2026-04-22 22:00'],
      ['2026-04-24 21:00', '2026-04-23 22:00'],
    ],
  ],
  [
    'the reader’s wall clock knows no gap',
    '30 2 * * *',
    null,
    '2026-03-28 12:00',
    '2026-03-30 02:30',
    [
      ['2026-03-29 02:30', '2026-03-28 02:30'],
      ['2026-03-30 02:30', '2026-03-29 02:30'],
    ],
  ],
  [
    'a rare one',
    '0 7 29 2 *',
    'Asia/Tokyo',
    '2026-11-22 00:00',
    '2040-01-01 00:00',
    [
      ['2028-02-28 22:00', '2024-02-28 22:00'],
      ['2032-02-28 22:00', '2028-02-28 22:00'],
      ['2036-02-28 22:00', '2032-02-28 22:00'],
    ],
  ],
])('%s', (_, cron, zone, after, until, expected) => {
  expect(slots(cron, zone, after, until)).toEqual(expected);
});

it('stops at the limit, and goes on from there', () => {
  expect(slots('* * * * *', 'Asia/Kathmandu', '2026-11-22 00:00', '2027-11-22 00:00', 2)).toEqual([
    ['2026-11-22 00:01', '2026-11-22 00:00'],
    ['2026-11-22 00:02', '2026-11-22 00:01'],
  ]);
  expect(slots('0 * * * *', 'UTC', '2026-11-22 00:00', '2026-11-23 00:00', 0)).toEqual([]);
});

it('says what is wrong with a cron or a zone', () => {
  expect(() => slots('0 0 30 2 *', 'UTC', '2026-11-22 00:00', '2026-11-23 00:00')).toThrow(DomainError);
  expect(() => slots('0 0 * * *', 'Mars/Olympus', '2026-11-22 00:00', '2026-11-23 00:00')).toThrow(
    RangeError,
  );
});

it.each<[boolean, string, string, string]>([
  [false, '2026-11-23 07:00', '2026-11-23 07:00', '2026-11-25 07:00'],
  [true, '2026-11-23 07:00', '2026-11-22 10:00', '2026-11-24 11:59'],
  [true, '2026-11-23 23:59', '2026-11-22 10:00', '2026-11-24 11:59'],
])('local %p, %s is open from %s to %s', (local, time, opens, closes) => {
  expect(shown(opensAt({ at: at(time), local }))).toBe(opens);
  expect(shown(closesAt({ at: at(time), local }))).toBe(closes);
});

it.each<[boolean, string, string]>([
  [false, '2026-11-22 09:59', '2026-11-22 09:59'],
  [true, '2026-11-22 09:59', '2026-11-22 23:59'],
  [true, '2026-11-22 10:00', '2026-11-23 23:59'], // the 23rd begins in Kiritimati
])('local %p: at %s what is open goes up to %s', (readerLocal, now, through) => {
  expect(shown(openThrough({ readerLocal }, at(now)))).toBe(through);
});
