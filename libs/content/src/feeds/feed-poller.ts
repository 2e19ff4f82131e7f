import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/logger.js';
import { FetchError } from '../fetching/fetch-error.js';
import type { FeedDocument } from './feed-document.js';
import { BROKEN, EntryIntake, LIMITED, type Intake } from './entry-intake.js';
import { identify, type IdentifiedEntry } from './entry-identity.js';
import { FeedReader, type FeedAnswer } from './feed-reader.js';
import { FeedRepository, type FeedEntryRow, type FeedRow } from './feed.repository.js';
import { nextPoll } from './next-poll.js';
import { warningOf } from './poll-warning.js';

/** Longer than a poll may take; a process that died in one holds the feed so long. */
const LEASE_MS = 300_000;
/** New articles of one poll. More is a flood: it comes in portions, so that other feeds have their turn. */
const MAX_NEW = 200;
const GONE = 410;
/** Entries of one poll whose reading was ended by a limit: each cost five seconds. The rest is not looked at then. */
const MAX_LIMITED = 5;

/** What a poll found. */
export type PollCounts = Record<Intake, number>;
export interface PollOutcome {
  status: 'ok' | 'unchanged' | 'failed';
  counts: PollCounts;
}

const noCounts = (): PollCounts => ({
  added: 0,
  updated: 0,
  noted: 0,
  history: 0,
  unchanged: 0,
  unusable: 0,
});

/** Polls feeds. What is wrong with a feed is written into its row and stays there; nothing of it leaves. */
@Injectable()
export class FeedPoller {
  constructor(
    private readonly database: Database,
    private readonly feeds: FeedRepository,
    private readonly reader: FeedReader,
    private readonly intake: EntryIntake,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * @param signal when the process is to stop: the rest of the entries comes with the next poll
   * @returns null when another process polls it right now, or there is no such feed
   * @throws what the database throws
   */
  async poll(feedId: string, signal?: AbortSignal): Promise<PollOutcome | null> {
    const feed = await this.feeds.claim(this.database.db, feedId, LEASE_MS);
    if (!feed) return null;
    try {
      const known = { etag: feed.etag, lastModified: feed.lastModified };
      const answer = await this.reader.read(feed.url, known, signal);
      return await this.takeIn(feed, answer, signal);
    } catch (error) {
      if (error instanceof FetchError) return await this.failed(feed, error);
      await this.feeds.finish(this.database.db, feed, {});
      if (signal?.aborted) return null;
      throw error;
    }
  }

  private async takeIn(feed: FeedRow, answer: FeedAnswer, signal?: AbortSignal): Promise<PollOutcome> {
    const counts = noCounts();
    const { rest, limited, broken } = answer.document
      ? await this.takeEntries(feed, answer.document, counts, signal)
      : { rest: 0, limited: 0, broken: 0 };
    if (limited > 0) return this.slowed(feed, limited, counts);
    const now = this.clock.now();
    const moved = answer.url === feed.url ? {} : await this.movedTo(feed, answer.url);
    await this.feeds.finish(this.database.db, feed, {
      ...moved,
      // Of a document that was not read to its end: it is to come again.
      ...(rest > 0 ? { etag: null, lastModified: null } : answer.validators),
      ...(answer.document ? { warning: warningOf(answer.document, counts.unusable, broken) } : {}),
      dueAt: rest > 0 ? now : nextPoll(now, feed.everyMinutes, 0, null),
      ...{ polledAt: now, succeededAt: now, failures: 0, lastError: null },
    });
    return { status: answer.document ? 'ok' : 'unchanged', counts };
  }

  /**
   * What could be used was. The rest is tried again, later each time: it may be a machine that was too busy, or a document that
   * is made to keep us so.
   */
  private async slowed(feed: FeedRow, limited: number, counts: PollCounts): Promise<PollOutcome> {
    const entries = limited === 1 ? 'One entry takes' : `${limited} entries take`;
    const error = new FetchError('too_large', `${entries} too long to read, or too much memory.`);
    await this.failed(feed, error);
    return { status: 'failed', counts };
  }

  /** @returns how many entries were not looked at, of how many reading was ended by a limit, and how many were broken */
  private async takeEntries(
    feed: FeedRow,
    document: FeedDocument,
    counts: PollCounts,
    signal?: AbortSignal,
  ): Promise<{ rest: number; limited: number; broken: number }> {
    const { db } = this.database;
    const found = identify(document.entries);
    const find = finderOf(await this.knownOf(feed, found));
    const topics = await this.feeds.topics(db, feed.publicationId);
    // Oldest first, so that ids are in the order of the news.
    const entries = found.reverse();
    let limited = 0;
    let broken = 0;
    counts.unusable += document.broken ?? 0;
    for (const [index, entry] of entries.entries()) {
      if (counts.added >= MAX_NEW || limited >= MAX_LIMITED || signal?.aborted) {
        return { rest: entries.length - index, limited, broken };
      }
      const became = await this.intake.take(feed, entry, find(entry), topics);
      counts[became === LIMITED ? 'unusable' : became === BROKEN ? 'unchanged' : became] += 1;
      if (became === LIMITED) limited += 1;
      if (became === BROKEN) broken += 1;
    }
    return { rest: 0, limited, broken };
  }

  private knownOf(feed: FeedRow, found: readonly IdentifiedEntry[]): Promise<FeedEntryRow[]> {
    const guids = found.flatMap(({ guidHash }) => guidHash ?? []);
    const urls = found.flatMap(({ urlHash }) => urlHash ?? []);
    return this.feeds.knownEntries(this.database.db, feed.id, guids, urls);
  }

  /** A permanent redirect is followed for good, unless another feed is there already. */
  private async movedTo(feed: FeedRow, url: string): Promise<{ url?: string }> {
    const holder = await this.feeds.findIdByUrl(this.database.db, feed.publicationId, url);
    return holder ? {} : { url };
  }

  private async failed(feed: FeedRow, error: FetchError): Promise<PollOutcome> {
    const now = this.clock.now();
    const failures = feed.failures + 1;
    const isGone = error.status === GONE;
    this.log.warn('a feed could not be read', { feedId: feed.id, code: error.code, failures });
    await this.feeds.finish(this.database.db, feed, {
      ...(isGone ? { enabled: false } : {}),
      lastError: isGone ? `${error.message} It is not polled any more.` : error.message,
      dueAt: nextPoll(now, feed.everyMinutes, failures, error.retryAt),
      ...{ polledAt: now, failures },
    });
    return { status: 'failed', counts: noCounts() };
  }
}

/** Finds the row of an entry: by GUID, then by URL. */
function finderOf(rows: readonly FeedEntryRow[]): (entry: IdentifiedEntry) => FeedEntryRow | undefined {
  const byGuid = new Map(rows.flatMap((row) => (row.guidHash ? [[row.guidHash, row] as const] : [])));
  const byUrl = new Map(rows.flatMap((row) => (row.urlHash ? [[row.urlHash, row] as const] : [])));
  return ({ guidHash, urlHash }) =>
    (guidHash ? byGuid.get(guidHash) : undefined) ?? (urlHash ? byUrl.get(urlHash) : undefined);
}
