import { escapeHtml } from '#rendering/template/placeholders.js';

export interface FeedChannel {
  title: string;
  /** The page the feed is of. */
  url: string;
  feedUrl: string;
  description: string;
  locale: string;
}

export interface FeedItem {
  title: string;
  url: string;
  description: string;
  category: string;
  publishedAt: Date;
}

/** XML 1.0 §2.2 knows none of these, not even escaped. */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function element(name: string, text: string, attributes = ''): string {
  return `<${name}${attributes}>${escapeHtml(text.replace(NOT_IN_XML, ''))}</${name}>`;
}

/** RFC 822 date, as RSS wants it. */
function rfc822(date: Date): string {
  return date.toUTCString();
}

/** An RSS 2.0 document (https://www.rssboard.org/rss-specification), with the link to itself that validators ask for. */
export function rssFeed(channel: FeedChannel, items: readonly FeedItem[]): string {
  const newest = items[0]?.publishedAt;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
    '<channel>',
    element('title', channel.title),
    element('link', channel.url),
    element('description', channel.description),
    element('language', channel.locale.toLowerCase()),
    ...(newest ? [element('lastBuildDate', rfc822(newest))] : []),
    `<atom:link href="${escapeHtml(channel.feedUrl)}" rel="self" type="application/rss+xml"/>`,
    ...items.map((item) =>
      [
        '<item>',
        element('title', item.title),
        element('link', item.url),
        element('guid', item.url, ' isPermaLink="true"'),
        element('category', item.category),
        element('pubDate', rfc822(item.publishedAt)),
        element('description', item.description),
        '</item>',
      ].join(''),
    ),
    '</channel>',
    '</rss>',
    '',
  ].join('\n');
}
