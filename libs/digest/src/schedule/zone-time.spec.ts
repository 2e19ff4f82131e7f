import * as fc from 'fast-check';
import { isZone, localDate, startOfLocalDay, toFloating, toInstant } from './zone-time.js';

const at = (text: string) => new Date(`${text.replace(' ', 'T')}Z`);
const shown = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');

// Days gone by: what is to come changes with the zone data, and each runtime brings its own.
it.each<[string, string, string, string]>([
  ['Europe/Berlin', '2026-07-01 12:00', '2026-07-01 10:00', 'summer'],
  ['Europe/Berlin', '2026-03-29 01:59', '2026-03-29 00:59', 'before a gap'],
  ['Europe/Berlin', '2026-03-29 02:30', '2026-03-29 01:00', 'in a gap: its end'],
  ['Europe/Berlin', '2026-03-29 03:00', '2026-03-29 01:00', 'the end of a gap'],
  ['Europe/Berlin', '2025-10-26 02:30', '2025-10-26 00:30', 'comes twice: the first'],
  ['Europe/Berlin', '2025-10-26 03:00', '2025-10-26 02:00', 'after what comes twice'],
  ['Asia/Kolkata', '2026-11-22 07:00', '2026-11-22 01:30', 'half an hour'],
  ['Asia/Kathmandu', '2026-11-22 07:00', '2026-11-22 01:15', 'three quarters'],
  ['Pacific/Chatham', '2026-11-22 07:00', '2026-11-21 17:15', 'three quarters, and summer'],
  ['Pacific/Kiritimati', '2026-11-22 07:00', '2026-11-21 17:00', 'the far east'],
  ['Etc/GMT+12', '2026-11-22 07:00', '2026-11-22 19:00', 'the far west'],
  ['Australia/Lord_Howe', '2025-10-05 02:15', '2025-10-04 15:30', 'a gap of 30 minutes'],
  ['Australia/Lord_Howe', '2026-04-05 01:45', '2026-04-04 14:45', '30 minutes that come twice'],
  ['Antarctica/Troll', '2026-03-29 02:30', '2026-03-29 01:00', 'a gap of two hours'],
  ['Antarctica/Troll', '2025-10-26 02:59', '2025-10-26 00:59', 'two hours that come twice'],
  ['Africa/Cairo', '2026-04-24 00:00', '2026-04-23 22:00', 'no midnight'],
  ['Africa/Cairo', '2025-10-30 23:30', '2025-10-30 20:30', 'the last hour comes twice'],
  ['Africa/Cairo', '2025-10-31 00:00', '2025-10-30 22:00', 'midnight after it'],
  ['America/Asuncion', '2023-10-01 00:30', '2023-10-01 04:00', 'no midnight'],
  ['Asia/Beirut', '2022-03-27 00:00', '2022-03-26 22:00', 'no midnight'],
  ['America/Nuuk', '2026-03-28 23:30', '2026-03-29 01:00', 'the last hour is left out'],
  ['America/Nuuk', '2025-10-25 23:30', '2025-10-26 00:30', 'the last hour comes twice'],
  ['Africa/Casablanca', '2026-02-15 02:30', '2026-02-15 01:30', 'set back for Ramadan'],
  ['Africa/Casablanca', '2026-03-22 02:30', '2026-03-22 02:00', 'and forward after it'],
  ['Pacific/Apia', '2011-12-29 23:59', '2011-12-30 09:59', 'before the day left out'],
  ['Pacific/Apia', '2011-12-30 07:00', '2011-12-30 10:00', 'in the day left out'],
  ['Pacific/Apia', '2011-12-31 00:00', '2011-12-30 10:00', 'after it'],
  ['Pacific/Kwajalein', '1993-08-21 07:00', '1993-08-21 12:00', 'another day left out'],
  ['America/Juneau', '1867-10-18 20:00', '1867-10-18 04:57', 'a day that came twice'],
])('%s %s is %s UTC (%s)', (zone, wall, instant) => {
  expect(shown(toInstant(at(wall), zone))).toBe(instant);
});

it.each<[string, string, string]>([
  ['Africa/Cairo', '2026-04-24 10:00', '2026-04-23 22:00'],
  ['Africa/Cairo', '2025-10-30 21:30', '2025-10-29 21:00'], // 23:30 for the second time
  ['Europe/Berlin', '2025-10-26 22:00', '2025-10-25 22:00'],
  ['America/Havana', '2025-11-02 05:30', '2025-11-02 04:00'], // midnight comes twice
  ['Pacific/Apia', '2011-12-31 09:00', '2011-12-30 10:00'],
])('the day in %s at %s began at %s', (zone, instant, start) => {
  expect(shown(startOfLocalDay(at(instant), zone))).toBe(start);
});

it('tells the date', () => {
  expect(localDate(at('2026-11-22 10:30'), 'Pacific/Kiritimati')).toBe('2026-11-23');
  expect(localDate(at('2026-11-22 10:30'), 'Etc/GMT+12')).toBe('2026-11-21');
});

it.each<[string, boolean]>([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['US/Pacific', true],
  ['Europe/Atlantis', false],
  ['+01:00', false],
  ['', false],
])('%p is a zone: %p', (name, known) => {
  expect(isZone(name)).toBe(known);
});

it('does not take an unknown zone for another', () => {
  expect(() => toInstant(at('2026-11-22 07:00'), 'Europe/Atlantis')).toThrow(RangeError);
});

const zones = Intl.supportedValuesOf('timeZone');
const anyZone = fc.constantFrom(...zones);
const anyTime = fc.date({ min: at('1920-01-01 00:00'), max: at('2060-01-01 00:00'), noInvalidDate: true });

it('shows what the runtime shows, at any time since 1920', () => {
  fc.assert(
    fc.property(anyZone, anyTime, (timeZone, instant) => {
      const iso = new Intl.DateTimeFormat('sv-SE', {
        timeZone,
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(instant);
      expect(toFloating(instant, timeZone).toISOString().slice(0, 19).replace('T', ' ')).toBe(iso);
    }),
    { numRuns: 2_000 },
  );
});

it('finds the first instant at which the wall shows that time or later', () => {
  fc.assert(
    fc.property(anyZone, anyTime, (zone, floating) => {
      const instant = toInstant(floating, zone);
      expect(toFloating(instant, zone).getTime()).toBeGreaterThanOrEqual(floating.getTime());
      for (const earlier of [1, 1_000, 1_800_000, 3_600_000, 86_400_000]) {
        const before = toFloating(new Date(instant.getTime() - earlier), zone);
        expect(before.getTime()).toBeLessThan(floating.getTime());
      }
    }),
    { numRuns: 2_000 },
  );
});
