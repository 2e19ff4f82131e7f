import { entryStory } from './entry-story.js';
import { parseFeedText } from '../formats/parse-feed.js';

const story = (item: string) => {
  const text = `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel>${item}</channel></rss>`;
  return entryStory(
    parseFeedText(
      text.replace('<channel>', '<channel><item>').replace('</channel>', '</item></channel>'),
      'https://post.example/feed',
    ).entries[0]!,
  );
};
const page = '<link>https://post.example/2026/11/evening-at-the-quay.html</link>';
const picture = (attributes: string) => `<description>&lt;img src="/i.jpg" ${attributes}&gt;</description>`;

describe('a story without a title', () => {
  it.each([
    ['its words', `${page}<description>The lamp is lit. Again.</description>`, 'The lamp is lit'],
    [
      'what its picture says',
      `${page}${picture('alt="The quay &amp;amp; the lamp"')}`,
      'The quay & the lamp',
    ],
    ['its page', `${page}${picture('alt=""')}`, 'Evening at the quay'],
    [
      'its page, whatever is encoded',
      `<link>https://post.example/f%C3%A4hre_am_kai/123</link>${picture('')}`,
      'Fähre am kai',
    ],
    ['its site', `<link>https://post.example/?p=12</link>${picture('')}`, 'post.example'],
  ])('is called by %s', (_, item, title) => expect(story(item)?.title).toBe(title));

  it('may be a picture beside no text', () => {
    const media = '<media:content url="https://post.example/i.jpg?a=1&amp;b=2" medium="image"/>';
    expect(story(page + media)).toMatchObject({
      title: 'Evening at the quay',
      body: '<img src="https://post.example/i.jpg?a=1&amp;b=2" alt="" />',
      format: 'html',
    });
    expect(story(page)).toBeNull();
  });
});
