import { momentText, untilText } from './spoken';

const EVENING = '2026-11-28T18:00:00Z';
const SUMMER = '2026-07-01T17:00:00Z';

it.each([
  [EVENING, 'Europe/Lisbon', 'America/New_York', false, '18:00 Lisbon · 13:00 yours'],
  [EVENING, 'Europe/Lisbon', 'Europe/Lisbon', false, '18:00 Lisbon'],
  [EVENING, 'Europe/Lisbon', 'Europe/London', false, '18:00 Lisbon'], // their clocks show the same
  [SUMMER, 'Europe/Lisbon', 'UTC', false, '18:00 Lisbon · 17:00 yours'], // in winter they show the same
  [EVENING, 'Europe/Lisbon', 'Asia/Tokyo', false, '18:00 Lisbon · Sun 29 Nov, 03:00 yours'],
  [
    EVENING,
    'America/Argentina/Buenos_Aires',
    'UTC',
    true,
    'Sat 28 Nov, 15:00 Buenos Aires · Sat 28 Nov, 18:00 yours',
  ],
])('%s of %s for a reader in %s (with its day: %s) is %s', (at, theirs, own, withDay, text) => {
  expect(momentText(at, theirs, own, withDay)).toBe(text);
});

it.each([
  [-1, 'now'],
  [0, 'now'],
  [900, 'in 1 s'],
  [119_001, 'in 120 s'],
  [120_000, 'in 2 min'],
  [3_599_999, 'in 59 min'],
  [3_600_000, 'in 1 h'],
  [2 * 3_600_000 + 61_000, 'in 2 h 1 min'],
  [86_400_000, 'in 1 day'],
  [3 * 86_400_000 - 1, 'in 2 days'],
])('%d milliseconds are %s', (left, text) => {
  expect(untilText(left)).toBe(text);
});
