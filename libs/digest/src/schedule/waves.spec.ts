import { waveInstant, weekdaysServed } from './waves.js';

const at = (text: string) => new Date(`${text.replace(' ', 'T')}Z`);
const shown = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');

it.each<[string, boolean, string, number | null, string, string]>([
  ['2026-11-23 07:00', true, 'Pacific/Kiritimati', null, '2026-11-22 17:00', 'local: at its time'],
  ['2026-11-23 07:00', true, 'America/Los_Angeles', null, '2026-11-23 15:00', 'local: at its time'],
  [
    '2026-11-23 07:00',
    true,
    'Europe/Berlin',
    6,
    '2026-11-23 05:00',
    'local: at their hour, earlier on the date',
  ],
  ['2026-11-23 07:00', true, 'Europe/Berlin', 21, '2026-11-23 20:00', 'local: or later'],
  ['2026-03-29 07:00', true, 'Europe/Berlin', 2, '2026-03-29 01:00', 'local: an hour in a gap'],
  ['2026-10-25 07:00', true, 'Europe/Berlin', 2, '2026-10-25 00:00', 'local: an hour that comes twice'],
  ['2011-12-30 07:00', true, 'Pacific/Apia', null, '2011-12-30 10:00', 'local: a date left out'],
  ['2026-11-23 06:00', false, 'Europe/Berlin', null, '2026-11-23 06:00', 'fixed: at its instant'],
  [
    '2026-11-23 06:00',
    false,
    'Europe/Berlin',
    7,
    '2026-11-23 06:00',
    'fixed: at it, when that is their hour',
  ],
  ['2026-11-23 06:00', false, 'Europe/Berlin', 6, '2026-11-24 05:00', 'fixed: their hour is over'],
  ['2026-11-23 06:00', false, 'Asia/Kathmandu', 12, '2026-11-23 06:15', 'fixed: a quarter later'],
  ['2026-11-23 06:00', false, 'Asia/Kathmandu', 11, '2026-11-24 05:15', 'fixed: three quarters too late'],
  ['2026-11-23 06:00', false, 'Pacific/Kiritimati', 0, '2026-11-23 10:00', 'fixed: tomorrow there'],
  ['2026-03-29 00:30', false, 'Europe/Berlin', 2, '2026-03-29 01:00', 'fixed: an hour in a gap'],
  [
    '2026-10-25 00:30',
    false,
    'Europe/Berlin',
    2,
    '2026-10-26 01:00',
    'fixed: the second of an hour is not the hour',
  ],
])('a slot %s (local %p) for %s at %p: %s (%s)', (slot, local, zone, hour, due) => {
  expect(shown(waveInstant({ at: at(slot), local }, { zone, hour }))).toBe(due);
});

it.each<[string, string | null, string, boolean, string, number | null, number[]]>([
  ['the first', null, '2026-11-23 07:00', true, 'UTC', null, [1, 2, 3, 4, 5, 6, 7]],
  ['daily', '2026-11-23 07:00', '2026-11-24 07:00', true, 'UTC', null, [2]],
  ['Friday to Monday', '2026-11-20 07:00', '2026-11-23 07:00', true, 'UTC', null, [1, 6, 7]],
  ['six days', '2026-11-16 07:00', '2026-11-22 07:00', true, 'UTC', null, [2, 3, 4, 5, 6, 7]],
  ['weekly', '2026-11-16 07:00', '2026-11-23 07:00', true, 'UTC', null, [1, 2, 3, 4, 5, 6, 7]],
  ['monthly', '2026-10-23 07:00', '2026-11-23 07:00', true, 'UTC', null, [1, 2, 3, 4, 5, 6, 7]],
  ['the second of a day', '2026-11-23 07:00', '2026-11-23 19:00', true, 'UTC', null, []],
  ['local dates are the slot’s own', '2026-11-22 23:00', '2026-11-23 23:00', true, 'Pacific/Apia', 7, [1]],
  ['fixed: the date there', '2026-11-22 20:00', '2026-11-23 20:00', false, 'Asia/Tokyo', null, [2]],
  ['fixed: two in one day here …', '2026-11-23 08:00', '2026-11-23 20:00', false, 'UTC', null, []],
  ['… are two dates there', '2026-11-23 08:00', '2026-11-23 20:00', false, 'Asia/Tokyo', null, [2]],
  [
    'fixed: the date on which it comes at their hour',
    '2026-11-22 20:00',
    '2026-11-23 20:00',
    false,
    'UTC',
    7,
    [2],
  ],
  ['fixed: a date left out', '2011-12-29 20:00', '2011-12-30 20:00', false, 'Pacific/Apia', null, [5, 6]],
])('%s: after %s, %s (local %p, %s, hour %p) serves %p', (_, previous, slot, local, zone, hour, expected) => {
  const times = { at: at(slot), previousAt: previous === null ? null : at(previous), local };
  expect(weekdaysServed(times, zone, hour)).toEqual(expected);
});
