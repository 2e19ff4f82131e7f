import { ByteLru } from './byte-lru.js';

let cache: ByteLru<string>;
beforeEach(() => (cache = new ByteLru(100)));

it('drops what was not used for longest until all fits', () => {
  for (const key of ['a', 'b', 'c', 'd']) cache.set(key, key, 25);
  expect(cache.get('a')).toBe('a');
  cache.set('e', 'e', 20);
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => cache.get(key))).toEqual(['a', undefined, 'c', 'd', 'e']);
  expect(cache.bytes).toBe(95);
});

it('counts a value that is replaced once', () => {
  cache.set('a', 'old', 25);
  cache.set('a', 'new', 10);
  expect([cache.get('a'), cache.bytes]).toEqual(['new', 10]);
});

it('keeps none that would drive out all others', () => {
  cache.set('a', 'a', 25);
  cache.set('b', 'b', 26);
  expect([cache.get('a'), cache.get('b'), cache.bytes]).toEqual(['a', undefined, 25]);
  cache.set('a', 'larger', 26);
  expect([cache.get('a'), cache.bytes]).toEqual([undefined, 0]);
});
