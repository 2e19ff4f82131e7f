import { firstTerms } from './first-terms.js';
import { localeChain } from './terms.service.js';

it.each([
  ['de-AT', 'fr', ['de-AT', 'de', 'fr', 'en']],
  ['en', 'en', ['en']],
  [null, 'pt-BR', ['pt-BR', 'pt', 'en']],
])('looks for %j, then %j', (wanted, fallback, chain) => {
  expect(localeChain(wanted, fallback)).toEqual(chain);
});

it('starts with terms in five languages that name the publication', () => {
  const texts = firstTerms('The Harbour Post');
  expect(Object.keys(texts).sort()).toEqual(['ar', 'de', 'en', 'es', 'fr']);
  for (const text of Object.values(texts)) expect(text).toContain('The Harbour Post');
});
