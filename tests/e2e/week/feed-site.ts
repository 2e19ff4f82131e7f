import { WebSite } from '../../support/web-site.js';
import { DAY, HOUR } from './calendar.js';
import { FEEDS, titleAt, urlOf, type FeedName, type Story } from './stories.js';

/** A document that was served whole. */
export interface Served {
  feed: FeedName;
  at: number;
  /** What it had, newest first, by titles of that moment. */
  entries: { story: Story; title: string }[];
}

/** What a feed does instead of answering, from one instant to another. */
interface Outage {
  feed: FeedName;
  from: number;
  until: number;
  how: 'breaks' | 'hangs' | 'ends early';
}

const ENTRIES = 15;

/** Three feeds whose documents follow the simulated time, with the usual damage. */
export class FeedSite {
  /** In order, and taken away by who reads it. */
  readonly served: Served[] = [];
  readonly asked: Record<FeedName, number[]> = { rss: [], atom: [], json: [] };
  readonly failed: Record<FeedName, number[]> = { rss: [], atom: [], json: [] };
  private readonly outages: Outage[];

  private constructor(
    private readonly site: WebSite,
    readonly stories: readonly Story[],
    private readonly now: () => number,
    from: number,
  ) {
    this.outages = [
      { feed: 'atom', how: 'breaks', from: from + 2 * DAY, until: from + 2 * DAY + 3 * HOUR },
      { feed: 'json', how: 'hangs', from: from + 3 * DAY + 1 * HOUR, until: from + 3 * DAY + 1.5 * HOUR },
      { feed: 'rss', how: 'ends early', from: from + 4 * DAY, until: from + 4 * DAY + 0.5 * HOUR },
    ];
    for (const feed of FEEDS)
      site.pages.set(`/${feed}`, (request, response) => {
        const at = this.now();
        this.asked[feed].push(at);
        const outage = this.outages.find((one) => one.feed === feed && one.from <= at && at < one.until);
        if (outage) this.failed[feed].push(at);
        if (outage?.how === 'hangs') return;
        if (outage?.how === 'breaks') return response.writeHead(500).end();
        const entries = this.entriesOf(feed, at);
        const { type, body } = DOCUMENTS[feed](entries);
        if (outage) return response.writeHead(200, { 'content-type': type }).end(body.subarray(0, -30));
        const etag = `"${entries.map(({ story, title }) => `${story.code}${title.length}`).join()}"`;
        if (feed === 'atom' && request.headers['if-none-match'] === etag)
          return response.writeHead(304).end();
        this.served.push({ feed, at, entries });
        return response
          .writeHead(200, { 'content-type': type, ...(feed === 'atom' ? { etag } : {}) })
          .end(body);
      });
  }

  static async open(stories: readonly Story[], now: () => number, from: number): Promise<FeedSite> {
    return new FeedSite(await WebSite.open(), stories, now, from);
  }

  url(feed: FeedName): string {
    return `${this.site.url}/${feed}`;
  }

  /**
   * Feeds should have been asked at their interval, and after failures in a row at twice that, four times and so on. A poll that
   * met another one of the same story is tried again at once.
   * @returns what was asked at other times, after what
   */
  offRhythm(everyMs: number): string[] {
    return FEEDS.flatMap((feed) => {
      let failures = 0;
      return this.asked[feed].flatMap((at, index, all) => {
        failures = this.failed[feed].includes(at) ? failures + 1 : 0;
        const next = all[index + 1];
        const due = at + everyMs * 2 ** failures;
        if (next === undefined || next === at || next === due) return [];
        return [`${feed}: ${new Date(next).toISOString()} after ${new Date(at).toISOString()}`];
      });
    });
  }

  close(): Promise<void> {
    return this.site.close();
  }

  private entriesOf(feed: FeedName, at: number): { story: Story; title: string }[] {
    return this.stories
      .filter((story) => story.feeds.includes(feed) && story.appears <= at)
      .sort((a, b) => b.appears - a.appears || (a.code < b.code ? 1 : -1))
      .slice(0, ENTRIES)
      .map((story) => ({ story, title: titleAt(story, at) }));
  }
}

type Entries = Served['entries'];
const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** A title as a system writes it that puts HTML there. */
const asHtml = (title: string) => `<b>${title.slice(0, 4)}</b>${xml(title.slice(4))}`;
const bodyOf = ({ story }: Entries[number]) =>
  `<p>It was told at the quay.</p><p>Number ${story.code.slice(1)}.</p>`;

const DOCUMENTS: Record<FeedName, (entries: Entries) => { type: string; body: Buffer }> = {
  /** Bytes of windows-1252, which HTTP calls UTF-8. */
  rss: (entries) => {
    const text = `<?xml version="1.0" encoding="windows-1252"?><rss version="2.0"><channel><title>Post</title>${entries
      .flatMap((entry) => (entry.story.damage === 'twice' ? [entry, entry] : [entry]))
      .map(rssItem)
      .join('')}</channel></rss>`;
    const body = Buffer.from(text.replaceAll('“', '\u0093').replaceAll('”', '\u0094'), 'latin1');
    return { type: 'text/xml; charset=utf-8', body };
  },
  atom: (entries) => {
    const items = entries.map(
      (entry) =>
        `<entry><id>tag:post.example,2026:${entry.story.code}</id><title>${xml(entry.title)}</title>` +
        `<link href="${urlOf(entry.story)}?utm_source=atom"/><published>${new Date(entry.story.dated).toISOString()}</published>` +
        entry.story.topics.map((topic) => `<category term="${topic.toUpperCase()}"/>`).join('') +
        `<content type="html">${xml(bodyOf(entry))}</content></entry>`,
    );
    const text = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>${items.join('')}</feed>`;
    return { type: 'application/atom+xml', body: Buffer.from(text) };
  },
  json: (entries) => {
    const items = entries.map((entry) => ({
      id: entry.story.code,
      url: urlOf(entry.story),
      title: entry.story.damage === 'html' ? asHtml(entry.title) : xml(entry.title),
      content_html: bodyOf(entry),
      date_published: new Date(entry.story.dated).toISOString(),
      tags: entry.story.topics,
    }));
    const feed = { version: 'https://jsonfeed.org/version/1.1', title: 'Post', items };
    return { type: 'application/feed+json', body: Buffer.from(JSON.stringify(feed)) };
  },
};

function rssItem(entry: Entries[number]): string {
  const { story, title } = entry;
  const shown = story.damage === 'html' ? asHtml(title) : xml(title);
  return [
    `<item><title>${xml(shown)}</title><link>${urlOf(story)}#comments</link>`,
    `<guid isPermaLink="false">${story.damage === 'shared-guid' ? 'post.example' : story.code}</guid>`,
    dateOf(story),
    ...story.topics.map((topic) => `<category>${topic}</category>`),
    `<description>${xml(bodyOf(entry))}</description></item>`,
  ].join('');
}

function dateOf({ damage, dated }: Story): string {
  switch (damage) {
    case 'no-date':
      return '';
    case 'bad-date':
      return '<pubDate>on Tuesday, 35 Octobre</pubDate>';
    case 'far-off-date':
      return '<pubDate>Tue, 01 Jan 2036 00:00:00 GMT</pubDate>';
    case 'old-date':
      return '<pubDate>Fri, 01 Jan 1999 00:00:00 GMT</pubDate>';
    case 'shared-guid':
    case 'twice':
    case 'html':
    case null:
      return `<pubDate>${new Date(dated).toUTCString()}</pubDate>`;
  }
}
