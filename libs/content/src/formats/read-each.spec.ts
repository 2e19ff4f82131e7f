import { parseFeedText } from './parse-feed.js';
import { readEach } from './read-each.js';

it('reads the others when one throws, and counts it', () => {
  const { entries } = parseFeedText(
    '<rss><channel><item><title>A</title></item></channel></rss>',
    'https://post.example/',
  );
  const read = (index: number) => {
    if (index === 1) throw new TypeError('x');
    return entries[0]!;
  };
  expect(readEach([0, 1, 2], read)).toEqual({ entries: [entries[0], entries[0]], broken: 1 });
});
