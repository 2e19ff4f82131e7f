import { parseSearch, searchText } from './search';

it.each([
  ['', {}],
  ['?from=2026-11-01&to=2026-11-30', { from: '2026-11-01', to: '2026-11-30' }],
  ['?editionId=0070', { editionId: '0070' }],
  ['?q=a%40b.example%26c', { q: 'a@b.example&c' }],
])('%s is kept as words, and written as it was', (text, words) => {
  expect(parseSearch(text)).toEqual(words);
  expect(searchText(words)).toBe(text);
});

it('leaves out what is empty', () => {
  expect(searchText({ a: '', b: undefined, c: 'x' })).toBe('?c=x');
  expect(searchText({ a: '' })).toBe('');
});
