import { slugField, slugFrom } from './slug.js';

it.each([
  ['City council', 'city-council'],
  ['  Café & Crème!  ', 'cafe-creme'],
  ['Straße', 'strasse'],
  ['أخبار المدينة', 'أخبار-المدينة'],
  ['!!!', ''],
])('makes a slug of %j', (name, slug) => {
  expect(slugFrom(name)).toBe(slug);
  if (slug) expect(slugField.parse(slug)).toBe(slug);
});

it.each(['City', 'a--b', '-a', 'a b', '', '01890a5d-ac96-774b-bcce-b302099a8057'])('refuses %j', (slug) => {
  expect(slugField.safeParse(slug).success).toBe(false);
});
