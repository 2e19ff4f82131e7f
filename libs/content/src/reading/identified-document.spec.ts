import type { FeedEntry } from '../formats/feed-document.js';
import { identifiedDocument, MAX_ENTRIES } from './identified-document.js';

const entry = (guid: number, day: number | null): FeedEntry => ({
  guid: String(guid),
  url: null,
  title: `T${guid}`,
  summary: null,
  author: null,
  imageUrl: null,
  categories: [],
  unreadableDate: null,
  baseUrl: 'https://post.example/',
  body: null,
  publishedAt: day === null ? null : new Date(Date.UTC(2020, 0, day)),
});
const documentOf = (entries: FeedEntry[]) => identifiedDocument({ title: 'T', entries });
const all = Array.from({ length: MAX_ENTRIES + 3 }, (_, n) => n);

it('has all entries of a usual feed', () => {
  const { entries, omitted } = documentOf(all.slice(3).map((n) => entry(n, n)));
  expect([entries.length, omitted]).toEqual([MAX_ENTRIES, 0]);
});

it.each<[string, (n: number) => number | null, number, number]>([
  ['begins with the newest', (n) => 9_000 - n, 0, MAX_ENTRIES - 1],
  ['begins with the oldest', (n) => n, 3, MAX_ENTRIES + 2],
  ['has no dates', () => null, 0, MAX_ENTRIES - 1],
])('has the newest entries of one that %s, in its order', (_, day, first, last) => {
  const { entries, omitted } = documentOf(all.map((n) => entry(n, day(n))));
  expect([entries[0], entries.at(-1)].map((one) => one?.entry.guid)).toEqual([String(first), String(last)]);
  expect([entries.length, omitted]).toEqual([MAX_ENTRIES, 3]);
});

it('looks at all entries for what a GUID stands for', () => {
  const shared = { ...entry(0, 1), url: 'https://post.example/old' };
  const { entries } = documentOf([
    ...all.map((n) => ({ ...entry(n, 9), url: `https://post.example/${n}` })),
    shared,
  ]);
  expect(entries[0]).toMatchObject({ guidHash: null, entry: { guid: '0' } });
});

it('has no more categories than mean anything', () => {
  const categories = Array.from({ length: 5_000 }, () => 'x'.repeat(5_000));
  const [found] = documentOf([{ ...entry(1, 1), categories }]).entries;
  expect(found?.entry.categories).toEqual(Array.from({ length: 100 }, () => 'x'.repeat(200)));
});
