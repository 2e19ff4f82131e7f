import { z } from 'zod';
import { pausedUntilField, subscriptionInput, preferencesFields } from './choice-fields.js';

const written = z.object({ ...preferencesFields, pausedUntil: pausedUntilField });

test.each([
  [{}, {}],
  [{ cadence: '', weekday: '', hour: '', alerts: '', pausedUntil: '' }, {}],
  [
    { weekday: ' 7 ', hour: '0', alerts: 'on' },
    { weekday: 7, hour: 0, alerts: true },
  ],
  [
    { weekday: 1, hour: 23, alerts: false },
    { weekday: 1, hour: 23, alerts: false },
  ],
  [{ alerts: 'No' }, { alerts: false }],
  [{ pausedUntil: '2028-02-29' }, { pausedUntil: '2028-02-29' }],
])('a form’s %j is %j', (given, expected) => {
  expect(JSON.parse(JSON.stringify(written.parse(given)))).toEqual(expected);
});

test.each([
  ['weekday', '0'],
  ['weekday', '8'],
  ['weekday', 'Monday'],
  ['weekday', true],
  ['weekday', []],
  ['hour', '24'],
  ['hour', '-1'],
  ['hour', '7.5'],
  ['hour', '7:00'],
  ['cadence', 'hourly'],
  ['alerts', 'maybe'],
  ['alerts', 2],
  ['pausedUntil', '2027-02-29'],
  ['pausedUntil', '31.12.2027'],
  ['pausedUntil', '2027-01-01T00:00:00Z'],
])('%s is not %j', (field, value) => {
  expect(written.safeParse({ [field]: value }).error?.issues.map(({ path }) => path[0])).toEqual([field]);
});

test.each([{ hour: '7' }, { alerts: 'on' }, { weekday: 0 }, { pausedUntil: '' }, { day: 1 }])(
  'the API does not take %j',
  (members) => {
    expect(subscriptionInput.safeParse({ digest: 'daily', ...members }).success).toBe(false);
  },
);
