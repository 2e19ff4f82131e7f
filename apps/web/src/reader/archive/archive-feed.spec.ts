import { rssFeed } from './archive-feed.js';

const channel = {
  title: 'The <Post> & Co',
  url: 'https://news.example.org/archive',
  feedUrl: 'https://news.example.org/archive/feed.xml',
  description: 'Editions',
  locale: 'de-AT',
};

test('an RSS 2.0 document, escaped and without what XML does not know', () => {
  const feed = rssFeed(channel, [
    {
      title: 'Bell \u0007 & <b>',
      url: 'https://news.example.org/archive/x',
      description: 'lone \ud800 surrogate, 🗞️',
      category: 'Morning',
      publishedAt: new Date('2026-11-22T10:00:00Z'),
    },
  ]);
  expect(feed).toContain('<title>The &lt;Post&gt; &amp; Co</title>');
  expect(feed).toContain('<title>Bell  &amp; &lt;b&gt;</title>');
  expect(feed).toContain('<description>lone  surrogate, 🗞️</description>');
  expect(feed).toContain('<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate>');
  expect(feed).toContain('<language>de-at</language>');
  expect(feed).toContain('<guid isPermaLink="true">https://news.example.org/archive/x</guid>');
});

test('an empty feed is one too', () => {
  expect(rssFeed(channel, [])).not.toContain('<lastBuildDate>');
});
