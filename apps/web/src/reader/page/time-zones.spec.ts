import { zoneOrNone } from './time-zones.js';

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['UTC', 'UTC'],
  ['+02:00', undefined],
  ['Etc/Unknown', undefined],
  ['', undefined],
  [undefined, undefined],
])('the zone %s of a browser is %s', (given, expected) => {
  expect(zoneOrNone(given)).toBe(expected);
});
