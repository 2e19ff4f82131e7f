import { canonicalUrl } from '../story/canonical-url.js';
import { topicsOfCategories } from './category-topics.js';
import { isHistory } from './entries/entry-article.js';
import type { FeedEntry } from '../formats/feed-document.js';
import { nextPoll, retryAfter } from './next-poll.js';

const MINUTE = 60_000;
const NOW = new Date('2026-11-22T10:00:00Z');

describe('topicsOfCategories', () => {
  const topics = [
    { id: 'h', slug: 'harbour', name: 'The Harbour' },
    { id: 'm', slug: 'city-money', name: 'Geld & Stadt' },
    { id: 's', slug: 'sport', name: 'Sport' },
  ];
  it.each<[string[], Record<string, string | null>, string[]]>([
    [['HARBOUR'], {}, ['h']],
    [['the  harbour '], {}, ['h']],
    [['City money'], {}, ['m']],
    [['geld & stadt', 'Harbour', 'harbour'], {}, ['m', 'h']],
    [['Weather', '', 'constructor', '__proto__'], {}, []],
    [['Football', 'Sport'], { football: 's' }, ['s']],
    [['Sport'], { sport: null }, []],
    [['Old'], { old: 'removed' }, []],
    [['Sport'], { sport: 'h' }, ['h']],
  ])('%j with %j: %j', (categories, rules, ids) =>
    expect(topicsOfCategories(categories, rules, topics)).toEqual(ids),
  );
});

describe('nextPoll', () => {
  it.each([
    [30, 0, null, 30],
    [30, 1, null, 60],
    [30, 2, null, 120],
    [30, 6, null, 1440],
    [30, 1_000_000, null, 1440],
    [10_080, 5, null, 10_080],
    [30, 1, 10, 60],
    [30, 1, 600, 600],
    [30, 1, 10_000_000, 10_080],
    [30, 1, -600, 60],
  ])('every %j min, after %j failures, asked for %j min: in %j', (every, failures, asked, minutes) => {
    const retryAt = asked === null ? null : new Date(NOW.getTime() + asked * MINUTE);
    expect(nextPoll(NOW, every, failures, retryAt).getTime()).toBe(NOW.getTime() + minutes * MINUTE);
  });

  it.each([
    ['120', '2026-11-22T10:02:00.000Z'],
    ['Sun, 22 Nov 2026 11:00:00 GMT', '2026-11-22T11:00:00.000Z'],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['9999999999999', undefined],
  ])('reads Retry-After: %s', (header, at) => expect(retryAfter(header, NOW)?.toISOString()).toBe(at));
});

describe('canonicalUrl', () => {
  it.each([
    ['https://Example.org/a?utm_source=rss&b=1&fbclid=x#c', undefined, 'https://example.org/a?b=1'],
    ['/a?utm_medium=feed', 'https://example.org/x/', 'https://example.org/a'],
    [' https://me:pw@example.org/a ', undefined, 'https://example.org/a'],
    ['mailto:x@example.org', undefined, null],
    ['javascript:alert(1)', 'https://example.org', null],
    ['', 'https://example.org', null],
    ['/a', undefined, null],
    [`https://example.org/${'x'.repeat(2_000)}`, undefined, null],
  ])('%.60s', (text, base, url) => expect(canonicalUrl(text, base)).toBe(url));
});

describe('isHistory', () => {
  it.each([
    [null, false],
    ['2026-11-22T12:00:00Z', false],
    ['2026-11-21T11:00:00Z', false],
    ['2026-11-21T09:00:00Z', true],
    ['2020-01-01T00:00:00Z', true],
  ])('dated %j: %j', (date, is) => {
    const entry = { publishedAt: date === null ? null : new Date(date) } as FeedEntry;
    expect(isHistory(entry, NOW)).toBe(is);
  });
});
