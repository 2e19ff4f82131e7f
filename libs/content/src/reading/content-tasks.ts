import { serveTasks } from '#kernel/sandbox/serve-tasks.js';
import { entryStory } from './entry-story.js';
import type { FeedEntry } from '../formats/feed-document.js';
import { identifiedDocument, type IdentifiedDocument } from './identified-document.js';
import { readFeed } from '../formats/read-feed.js';
import { decodeText } from '../fetching/charset.js';
import { FetchError, type FetchErrorCode } from '../fetching/fetch-error.js';
import { storyOfPage, type PageStory } from './page-story.js';
import { sanitise } from '../story/sanitise.js';
import { storyOf } from '../story/story.js';
import { summaryOf } from '../story/summary.js';

/** What was fetched, as it came. */
export interface Fetched {
  bytes: Uint8Array;
  /** The HTTP header. */
  contentType?: string | undefined;
  url: string;
}

/** What was read, or why it could not be: a FetchError's code and words. */
export type Read<T> = { value: T } | { refused: { code: FetchErrorCode; message: string } };

function read<T>(run: () => T): Read<T> {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

/** All that reads what others wrote. Served in a process of its own; called through `ContentReader`. */
const tasks = {
  feed: ({ bytes, contentType, url }: Fetched): Read<IdentifiedDocument> =>
    read(() => identifiedDocument(readFeed(decodeText(bytes, contentType), url))),
  page: ({ bytes, contentType, url }: Fetched): Read<PageStory> =>
    read(() => {
      const story = storyOfPage(decodeText(bytes, contentType), url);
      return { ...story, html: sanitise(story.html, story.baseUrl) };
    }),
  entry: (entry: FeedEntry) => entryStory(entry),
  story: storyOf,
  summary: (html: string) => summaryOf(html),
};
export type ContentTasks = typeof tasks;

serveTasks(tasks);
