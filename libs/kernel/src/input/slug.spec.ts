import fc from 'fast-check';
import { freeSlug, MAX_SLUG, slugField, slugFrom, slugify, slugStem } from './slug.js';

it.each<[string, string]>([
  ['The Ferry Stays!', 'the-ferry-stays'],
  ['Crème brûlée & Straße', 'creme-brulee-and-strasse'],
  ['Łódź, Øresund, Þingvellir, İstanbul', 'lodz-oresund-thingvellir-istanbul'],
  ["The captain’s log isn't over", 'the-captains-log-isnt-over'],
  ['Хлеб и щи: Чайковский', 'khleb-i-shchi-chaykovskiy'],
  ['Η Αθήνα ψηφίζει', 'i-athina-psifizei'],
  ['Việt Nam', 'viet-nam'],
  ['Über den Häfen', 'uber-den-hafen'],
  ['Об’єднання: Ђоковић', 'obyednannya-djokovic'],
  ['أخبار', 'akhbar'],
  ['２０２７年 ﬁnal', '2027-final'],
  ['McDonald iPhone', 'mcdonald-iphone'],
  ['../../etc/passwd?x=1#y', 'etc-passwd-x-1-y'],
  ['日本語', 'fallback'],
  ['—', 'fallback'],
])('slugify(%j)', (title, expected) => {
  expect(slugify(title, 'fallback')).toBe(expected);
});

it('cuts at a word', () => {
  const slug = slugify('word '.repeat(40), 'x');
  expect(slug.length).toBeLessThanOrEqual(MAX_SLUG);
  expect(slug).toMatch(/^(word-)*word$/);
});

it('is safe in a URL for every title', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (title) => {
      const slug = slugify(title, 'x');
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slug.length).toBeLessThanOrEqual(MAX_SLUG);
    }),
  );
});

it.each([
  ['City council', 'city-council'],
  ['  Café & Crème!  ', 'cafe-creme'],
  ['Straße', 'strasse'],
  ['أخبار المدينة', 'أخبار-المدينة'],
  ['हिन्दी समाचार', 'हिन्दी-समाचार'],
  ['!!!', ''],
])('slugFrom(%j)', (name, slug) => {
  expect(slugFrom(name)).toBe(slug);
  if (slug) expect(slugField.parse(slug)).toBe(slug);
});

it.each(['City', 'a--b', '-a', 'a b', '', '01890a5d-ac96-774b-bcce-b302099a8057'])('refuses %j', (slug) => {
  expect(slugField.safeParse(slug).success).toBe(false);
});

describe('freeSlug', () => {
  it('counts up', () => {
    expect(freeSlug('ferry', [])).toBe('ferry');
    expect(freeSlug('ferry', ['ferry', 'ferry-3'])).toBe('ferry-2');
  });

  it('never makes it too long, and every candidate begins with the stem', () => {
    for (const long of ['a'.repeat(MAX_SLUG), `${'word-'.repeat(15)}end`]) {
      const taken: string[] = [];
      for (let n = 0; n < 120; n++) taken.push(freeSlug(long, taken));
      expect(new Set(taken).size).toBe(120);
      expect(taken.every((slug) => slug.length <= MAX_SLUG && slug.startsWith(slugStem(long)))).toBe(true);
    }
  });
});
