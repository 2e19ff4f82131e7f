import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import type { EditionInput } from '#rendering/edition/edition-compiler.js';
import { CompileCache } from './compile-cache.js';

const input = (overrides: Partial<EditionInput> = {}): EditionInput => ({
  template: 'digest',
  locale: 'en',
  publication: {
    name: 'The Harbour Post',
    baseUrl: 'https://news.example.org',
    postalAddress: '1 Quay Street',
    locale: 'en',
    timeZone: 'Europe/London',
    theme: { accentColor: '#8c1c13' },
  },
  title: 'The Morning Brief',
  subject: null,
  date: new Date('2027-01-05T08:00:00Z'),
  articles: [],
  ...overrides,
});

function counting() {
  const cache = new CompileCache();
  const compiled: string[] = [];
  const get = (wanted: EditionInput) =>
    cache.get(wanted, (its) => {
      compiled.push(its.title);
      return Promise.resolve({ locale: its.locale } as CompiledEdition);
    });
  return { cache, compiled, get };
}

it('compiles the same input once, at another time of the day too', async () => {
  const { compiled, get } = counting();
  await Promise.all([get(input()), get(input())]);
  await get(input({ date: new Date('2027-01-05T21:00:00Z') }));
  expect(compiled).toHaveLength(1);
});

it.each<[string, Partial<EditionInput>]>([
  ['another day', { date: new Date('2027-01-06T08:00:00Z') }],
  ['another locale', { locale: 'de' }],
  ['another subject', { subject: 'x' }],
])('compiles anew for %s', async (_name, change) => {
  const { compiled, get } = counting();
  await get(input());
  await get(input(change));
  expect(compiled).toHaveLength(2);
});

it('forgets what was not used for longest', async () => {
  const { compiled, get } = counting();
  for (let n = 0; n < 8; n++) await get(input({ title: `${n}` }));
  await get(input({ title: '0' }));
  await get(input({ title: '8' }));
  await get(input({ title: '0' }));
  expect(compiled).toHaveLength(9);
  await get(input({ title: '1' }));
  expect(compiled).toHaveLength(10);
});

it('does not keep a failure', async () => {
  const { cache, get } = counting();
  await expect(cache.get(input(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(get(input())).resolves.toEqual({ locale: 'en' });
});
