import * as fc from 'fast-check';
import { DomainError } from '#kernel/errors/errors.js';
import { occurrencesAfter } from './cron.fixtures.js';
import { occurrenceBefore, parseCron } from './cron.js';

const at = (text: string) => new Date(`${text.replace(' ', 'T')}Z`);
const shown = (dates: Date[]) => dates.map((date) => date.toISOString().slice(0, 16).replace('T', ' '));
const next = (cron: string, after: string, count: number, until = '2070-01-01 00:00') =>
  shown(occurrencesAfter(parseCron(cron), at(after), at(until), count));

function problemOf(cron: string): string {
  try {
    parseCron(cron);
    return 'none';
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [first] = error.errors ?? [];
    return `${error.code} ${first?.field} ${first?.code}: ${first?.message}`;
  }
}

it.each<[string, string, string[]]>([
  ['0 7 * * *', '2026-11-22 07:00', ['2026-11-23 07:00', '2026-11-24 07:00']],
  ['0 7 * * MON-FRI', '2026-11-20 07:00', ['2026-11-23 07:00', '2026-11-24 07:00']],
  ['0 7 * * 6,7', '2026-11-22 06:59', ['2026-11-22 07:00', '2026-11-28 07:00']],
  ['0 7 * * fri-sun', '2026-11-20 07:00', ['2026-11-21 07:00', '2026-11-22 07:00', '2026-11-27 07:00']],
  ['0 7 * * 5-7', '2026-11-21 07:00', ['2026-11-22 07:00', '2026-11-27 07:00']],
  ['*/20 8-9 * * *', '2026-11-22 08:30', ['2026-11-22 08:40', '2026-11-22 09:00', '2026-11-22 09:20']],
  ['5/25 0 * * *', '2026-11-21 12:00', ['2026-11-22 00:05', '2026-11-22 00:30', '2026-11-22 00:55']],
  ['0 8-18/5 * * *', '2026-11-22 00:00', ['2026-11-22 08:00', '2026-11-22 13:00', '2026-11-22 18:00']],
  ['0 0 L * *', '2028-02-01 00:00', ['2028-02-29 00:00', '2028-03-31 00:00']],
  ['0 0 15,L 2 *', '2026-01-01 00:00', ['2026-02-15 00:00', '2026-02-28 00:00']],
  ['30 6 * * MON#1', '2026-11-22 00:00', ['2026-12-07 06:30', '2027-01-04 06:30']],
  ['0 9 * * fri#L', '2026-11-22 00:00', ['2026-11-27 09:00', '2026-12-25 09:00', '2027-01-29 09:00']],
  ['0 0 1 */6 *', '2026-11-22 00:00', ['2027-01-01 00:00', '2027-07-01 00:00']],
  ['0 0 1 jan,Dec *', '2026-11-22 00:00', ['2026-12-01 00:00', '2027-01-01 00:00']],
  ['@daily', '2026-11-22 00:00', ['2026-11-23 00:00']],
  ['@weekly', '2026-11-22 00:00', ['2026-11-29 00:00']],
  ['  0\t7 * *   1 ', '2026-11-22 00:00', ['2026-11-23 07:00']],
  // Either day when both are given …
  ['0 0 13 * FRI', '2026-11-10 00:00', ['2026-11-13 00:00', '2026-11-20 00:00']],
  ['0 0 30 2 MON', '2026-02-20 00:00', ['2026-02-23 00:00', '2027-02-01 00:00']],
  // … and both when one starts with a star.
  ['0 0 */2 * MON', '2026-11-01 00:00', ['2026-11-09 00:00', '2026-11-23 00:00', '2026-12-07 00:00']],
  ['0 0 29 2 */6', '2026-01-01 00:00', ['2032-02-29 00:00', '2048-02-29 00:00', '2060-02-29 00:00']],
])('%s after %s', (cron, after, expected) => {
  expect(next(cron, after, expected.length)).toEqual(expected);
});

it.each([
  ['', 'invalid_cron: A cron has five fields'],
  ['0 7 * *', 'invalid_cron: A cron has five fields'],
  ['0 0 7 * * *', 'invalid_cron: .*seconds are not among them'],
  ['@reboot', 'invalid_cron: .*@daily'],
  ['constructor', 'invalid_cron: A cron has five fields'],
  ['60 7 * * *', 'invalid_cron: “60” is no minute: 0 to 59'],
  ['0 24 * * *', 'invalid_cron: “24” is no hour'],
  ['0 7 0 * *', 'invalid_cron: “0” is no day of the month'],
  ['0 7 * 13 *', 'invalid_cron: “13” is no month'],
  ['0 7 * * 8', 'invalid_cron: “8” is no day of the week'],
  ['0 7 * * MONDAY', 'invalid_cron: “MONDAY” is no day of the week'],
  ['0 7 * * TUE-MON', 'invalid_cron: .*backwards'],
  ['*/0 * * * *', 'invalid_cron: .*step'],
  ['*/5/5 * * * *', 'invalid_cron: .*step'],
  ['1,,2 * * * *', 'invalid_cron: “” is no minute'],
  ['1-2-3 * * * *', 'invalid_cron: .*not a range'],
  ['-5 * * * *', 'invalid_cron'],
  ['1e1 * * * *', 'invalid_cron'],
  ['H * * * *', 'invalid_cron'],
  ['? * * * *', 'invalid_cron'],
  ['0 7 * * MON#6', 'invalid_cron: .*1 to 5'],
  ['0 7 * * #2', 'invalid_cron'],
  ['0 7 L-3 * *', 'invalid_cron'],
  [`${'0,'.repeat(400)}0 7 * * *`, 'invalid_cron: .*characters'],
  ['0 0 30 2 *', 'never_fires: .*never fires'],
  ['0 0 31 4,6,9,11 *', 'never_fires'],
  ['0 0 30 2 */7', 'never_fires'],
])('refuses %p', (cron, problem) => {
  expect(problemOf(cron)).toMatch(new RegExp(`^invalid_input schedule\\.cron ${problem}`));
});

it.each([0, 1, 2, 3, 4, 5, 6])(
  'takes 29 February on weekday %i, though it may be 40 years away',
  (weekday) => {
    const cron = parseCron(`0 0 */28 2 ${weekday}#5`); // the 1st and the 29th; a fifth one only the 29th
    const expected: Date[] = [];
    for (let year = 2028; year <= 2160; year++) {
      const date = new Date(Date.UTC(year, 1, 29));
      if (date.getUTCMonth() === 1 && date.getUTCDay() === weekday) expected.push(date);
    }
    expect(occurrencesAfter(cron, at('2026-01-01 00:00'), at('2160-12-31 00:00'), 99)).toEqual(expected);
    for (const [i, date] of expected.slice(1).entries())
      expect(occurrenceBefore(cron, date)).toEqual(expected[i]);
  },
);

it('goes on for ever without a list of it', () => {
  expect(occurrencesAfter(parseCron('* * * * *'), at('2026-11-22 23:58'), new Date(8.64e15), 3)).toEqual([
    at('2026-11-22 23:59'),
    at('2026-11-23 00:00'),
    at('2026-11-23 00:01'),
  ]);
  expect(next('* * * * *', '2026-11-22 00:00', 0)).toEqual([]);
});

it('counts the end and not the start of a stretch', () => {
  expect(next('0 * * * *', '2026-11-22 07:00', 9, '2026-11-22 09:00')).toEqual([
    '2026-11-22 08:00',
    '2026-11-22 09:00',
  ]);
  expect(next('0 * * * *', '2026-11-22 07:00', 9, '2026-11-22 07:00')).toEqual([]);
});

it('looks back to the occurrence before', () => {
  const cron = parseCron('30 7 29 2 *');
  expect(occurrenceBefore(cron, at('2026-11-22 00:00'))).toEqual(at('2024-02-29 07:30'));
  expect(occurrenceBefore(cron, at('2024-02-29 07:30'))).toEqual(at('2020-02-29 07:30'));
  expect(occurrenceBefore(cron, new Date(at('2024-02-29 07:30').getTime() + 1))).toEqual(
    at('2024-02-29 07:30'),
  );
});

/** A field as anyone may write it, with the numbers that it means. */
function field(min: number, max: number) {
  const number = fc.integer({ min, max });
  const range = fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const stepped = (text: string, first: number, last: number, step: number) => ({
    text: `${text}/${step}`,
    values: Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
      (n) => (n - first) % step === 0,
    ),
  });
  const part = fc.oneof(
    number.map((n) => ({ text: `${n}`, values: [n] })),
    fc.tuple(range, fc.integer({ min: 1, max: 20 })).map(([[a, b], n]) => stepped(`${a}-${b}`, a, b, n)),
    fc.integer({ min: 1, max: 20 }).map((n) => stepped('*', min, max, n)),
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(','),
    values: new Set(parts.flatMap(({ values }) => values)),
  }));
}

it('fires in exactly the minutes that its fields match', () => {
  const fields = fc.record({
    minute: field(0, 59),
    hour: field(0, 23),
    month: field(1, 12),
    weekday: field(0, 6),
  });
  const start = at('2028-02-27 13:37').getTime();
  const end = start + 4 * 86_400_000;
  fc.assert(
    fc.property(fields, ({ minute, hour, month, weekday }) => {
      const expected: Date[] = [];
      for (let time = start + 60_000; time <= end; time += 60_000) {
        const now = new Date(time);
        const matches =
          minute.values.has(now.getUTCMinutes()) &&
          hour.values.has(now.getUTCHours()) &&
          month.values.has(now.getUTCMonth() + 1) &&
          weekday.values.has(now.getUTCDay());
        if (matches) expected.push(now);
      }
      const cron = parseCron(`${minute.text} ${hour.text} * ${month.text} ${weekday.text}`);
      const found = occurrencesAfter(cron, new Date(start), new Date(end), 10_000);
      expect(found.map(Number)).toEqual(expected.map(Number));
      for (const [i, time] of found.slice(0, 20).entries()) {
        if (i > 0) expect(occurrenceBefore(cron, time)).toEqual(found[i - 1]);
      }
    }),
    { numRuns: 200 },
  );
});
