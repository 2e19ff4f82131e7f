import type { OrderRule } from '#database/schema/index.js';
import { inOrder } from './article-order.js';

const articles = [
  { id: 'a', publishedAt: new Date(1_000), priority: 0 },
  { id: 'b', publishedAt: new Date(3_000), priority: 0 },
  { id: 'c', publishedAt: new Date(2_000), priority: 5 },
  { id: 'd', publishedAt: new Date(3_000), priority: 0 },
];

it.each<[string, OrderRule[], string[], string]>([
  ['the newest first, of the same time the one made later', ['recency'], [], 'dbca'],
  ['priority outweighs recency', ['priority', 'recency'], [], 'cdba'],
  ['pins as they were pinned, then the rest', ['pin', 'priority', 'recency'], ['b', 'a'], 'bacd'],
  ['priority outweighs pins when it comes first', ['priority', 'pin', 'recency'], ['a'], 'cadb'],
  ['pins that are no rule do nothing', ['recency'], ['a'], 'dbca'],
  ['a pin of an article that is not there', ['pin', 'recency'], ['z', 'a'], 'adbc'],
  ['no rule at all', [], [], 'dcba'],
])('%s', (_name, rules, pinned, expected) => {
  const given = [...articles];
  expect(
    inOrder(given, rules, pinned)
      .map(({ id }) => id)
      .join(''),
  ).toBe(expected);
  expect(given).toEqual(articles);
});
