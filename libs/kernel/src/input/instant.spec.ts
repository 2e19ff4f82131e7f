import { instant } from './instant.js';

it('reads a time with its offset', () => {
  expect(instant.parse('2027-03-01T06:00:00+02:00')).toEqual(new Date('2027-03-01T04:00:00Z'));
});

it.each([
  '2027-03-01',
  '2027-03-01T06:00:00',
  '2027-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-14:00',
])('refuses %s', (text) => {
  expect(instant.safeParse(text).success).toBe(false);
});
