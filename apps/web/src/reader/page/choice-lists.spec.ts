import { choiceLists } from './choice-lists.js';

test.each([
  ['en', 'Monday', 'Sunday'],
  ['de', 'Montag', 'Sonntag'],
  ['ar', 'الاثنين', 'الأحد'],
])('weekdays in %s go from %s to %s', (locale, monday, sunday) => {
  const { weekdays } = choiceLists(locale);
  expect(weekdays).toHaveLength(7);
  expect([weekdays[0], weekdays[6]]).toEqual([
    { value: '1', name: monday },
    { value: '7', name: sunday },
  ]);
});

test('there are 24 hours', () => {
  const { hours } = choiceLists('en');
  expect([hours.length, hours[0]?.name, hours[23]]).toEqual([24, '00:00', { value: '23', name: '23:00' }]);
});
