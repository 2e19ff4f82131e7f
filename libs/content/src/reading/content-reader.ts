import { DomainError, invalidField } from '#kernel/errors/errors.js';
import { SandboxError } from '#kernel/sandbox/sandbox-error.js';
import type { Sandbox } from '#kernel/sandbox/sandbox.js';
import type { ContentTasks, Fetched, Read } from './content-tasks.js';
import type { EntryStory } from './entry-story.js';
import type { FeedEntry } from '../formats/feed-document.js';
import type { IdentifiedDocument } from './identified-document.js';
import { FetchError } from '../fetching/fetch-error.js';
import type { PageStory } from './page-story.js';
import type { Story, StorySource } from '../story/story.js';

/** Ten megabytes of long stories take under a second, or several on a machine that is busy. */
const FEED_MS = 10_000;
/** The longest news pages take one second. */
const PAGE_MS = 6_000;
/** A book of a thousand pages takes one. */
const STORY_MS = 5_000;
/** Seconds after which another try makes sense where too much is waiting. */
const RETRY_AFTER_S = 10;

/** Reads what others wrote in a process of its own with limits of time and memory; see content-tasks.ts. */
export class ContentReader {
  constructor(private readonly sandbox: Sandbox<ContentTasks>) {}

  /**
   * Reads a feed document: charset, format, the newest entries; their stories are not made yet.
   * @throws FetchError `not_a_feed`; `too_large` when it takes too long or too much memory
   */
  async feed(fetched: Fetched): Promise<IdentifiedDocument> {
    const document = valueOf(await this.fetched('feed', fetched, FEED_MS, 'This feed'));
    const entries = document.entries.map((found) => ({ ...found, entry: dated(found.entry) }));
    return { ...document, entries };
  }

  /**
   * Finds the story of a page; its HTML is sanitised.
   * @throws FetchError `no_article`; `too_large` when it takes too long or too much memory
   */
  async page(fetched: Fetched): Promise<PageStory> {
    return dated(valueOf(await this.fetched('page', fetched, PAGE_MS, 'The page')));
  }

  /**
   * What an entry of a feed is as an article; null: it has neither words nor a picture.
   * @throws DomainError `invalid_input` when nothing can be made of it; with `limit` in its codes, when it took too long or too much memory
   */
  entry(entry: FeedEntry): Promise<EntryStory | null> {
    return this.story('entry', entry);
  }

  /** A story of what an operator or a feed gave. Errors as {@link entry}. */
  body(source: StorySource): Promise<Story> {
    return this.story('story', source);
  }

  /** The summary of a stored story. @param html sanitised */
  summary(html: string): Promise<string> {
    return this.story('summary', html);
  }

  private async fetched<K extends 'feed' | 'page'>(task: K, input: Fetched, limitMs: number, what: string) {
    try {
      return await this.sandbox.run(task, input, limitMs);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      if (!error.isLimit) throw busy(error);
      const why = error.reason === 'time' ? 'takes too long to read' : 'is too large to be read';
      throw new FetchError('too_large', `${what} ${why}.`, { cause: error });
    }
  }

  private async story<K extends 'entry' | 'story' | 'summary'>(
    task: K,
    input: Parameters<ContentTasks[K]>[0],
  ): Promise<Awaited<ReturnType<ContentTasks[K]>>> {
    try {
      return await this.sandbox.run(task, input, STORY_MS);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      if (!(error instanceof SandboxError)) {
        // A library stumbled over it.
        throw Object.assign(invalidField('body', 'unreadable', 'It can not be read.'), { cause: error });
      }
      if (!error.isLimit) throw busy(error);
      throw invalidField('body', 'limit', 'It takes too long to read, or too much memory.');
    }
  }
}

/** Whether reading it was ended by a limit: another try costs as much again. */
export function isLimit(error: unknown): boolean {
  return error instanceof DomainError && (error.errors ?? []).some(({ code }) => code === 'limit');
}

/** Whether what read it ended by itself: it may do so again. One that was only busy is not at fault, nor is what it was to read. */
export function isDeath(error: unknown): boolean {
  return error instanceof DomainError && error.cause instanceof SandboxError && error.cause.reason === 'died';
}

function valueOf<T>(read: Read<T>): T {
  if ('value' in read) return read.value;
  throw new FetchError(read.refused.code, read.refused.message);
}

/** A date of this realm: one that came from another process need not be an instance of our `Date`. */
function dated<T extends { publishedAt: Date | null }>(its: T): T {
  return { ...its, publishedAt: its.publishedAt && new Date(its.publishedAt) };
}

function busy(cause: SandboxError): DomainError {
  const what =
    cause.reason === 'died'
      ? 'The process that reads ended before it was done.'
      : 'Too much is being read at once.';
  return new DomainError('unavailable', `${what} Try again in a moment.`, {
    cause,
    retryAfter: RETRY_AFTER_S,
  });
}
