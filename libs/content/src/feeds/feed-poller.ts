import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { FetchError } from '../fetching/fetch-error.js';
import { isDeath } from '../reading/content-reader.js';
import { EntryIntake, type Intake, type Taken } from './entry-intake.js';
import type { IdentifiedEntry } from '../reading/entry-identity.js';
import { isRetry, memoryOf } from './entries/entry-memory.js';
import { FeedReader, type FeedAnswer } from './feed-reader.js';
import { FeedRepository, type FeedEntryRow, type FeedRow } from './feed.repository.js';
import type { IdentifiedDocument } from '../reading/identified-document.js';
import { nextPoll } from './next-poll.js';
import { warningOf } from './poll-warning.js';

/** Longer than a poll may take; a process that died in one holds the feed so long. */
const LEASE_MS = 300_000;
/** New articles of one poll. More is a flood: it comes in portions, so that other feeds have their turn. */
const MAX_NEW = 200;
const GONE = 410;
/** So long entries are taken in, well below the lease. What is left comes with the next poll. */
const TAKING_MS = 60_000;
/** Entries of one poll whose reading was ended by a limit: each cost five seconds. The rest comes with the next poll, in its time. */
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
      if (isDeath(error) && !signal?.aborted) return await this.failed(feed, ended(error));
      await this.feeds.finish(this.database.db, feed, {});
      if (signal?.aborted) return null;
      throw error;
    }
  }

  private async takeIn(feed: FeedRow, answer: FeedAnswer, signal?: AbortSignal): Promise<PollOutcome> {
    const { document } = answer;
    const tally = document ? await this.takeEntries(feed, document, signal) : new Tally();
    const { counts } = tally;
    if (tally.isNothingUsable) return this.slowed(feed, tally);
    const now = this.clock.now();
    const moved = answer.url === feed.url ? {} : await this.movedTo(feed, answer.url);
    await this.feeds.finish(this.database.db, feed, {
      ...moved,
      // Of a document that was not read to its end: it is to come again.
      ...(tally.rest > 0 || tally.retries > 0 ? { etag: null, lastModified: null } : answer.validators),
      ...(document ? { warning: warningOf(document, counts.unusable, tally.broken) } : {}),
      dueAt: tally.rest > 0 && !tally.isTooSlow ? now : nextPoll(now, feed.everyMinutes, 0, null),
      polledAt: now,
      succeededAt: now,
      failures: 0,
      lastError: null,
    });
    return { status: document ? 'ok' : 'unchanged', counts };
  }

  /** Tried again, later each time: it may be a machine that was too busy, or a document that is made to keep us so. */
  private async slowed(feed: FeedRow, { limited, counts }: Tally): Promise<PollOutcome> {
    const entries = limited === 1 ? 'One entry takes' : `${limited} entries take`;
    const error = new FetchError('too_large', `${entries} too long to read, or too much memory.`);
    await this.failed(feed, error);
    return { status: 'failed', counts };
  }

  private async takeEntries(
    feed: FeedRow,
    document: IdentifiedDocument,
    signal?: AbortSignal,
  ): Promise<Tally> {
    const find = finderOf(await this.knownOf(feed, document.entries));
    const topics = await this.feeds.topics(this.database.db, feed.publicationId);
    const entries = inOrder(document.entries, find);
    const tally = new Tally();
    tally.counts.unusable += document.broken;
    const until = this.clock.now().getTime() + TAKING_MS;
    for (const [index, entry] of entries.entries()) {
      const isLate = this.clock.now().getTime() >= until;
      if (tally.counts.added >= MAX_NEW || tally.isTooSlow || isLate || signal?.aborted) {
        tally.rest = entries.length - index;
        break;
      }
      tally.add(await this.intake.take(feed, entry, find(entry), topics));
    }
    return tally;
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
      polledAt: now,
      failures,
    });
    return { status: 'failed', counts: noCounts() };
  }
}

/** What became of the entries of one poll. */
class Tally {
  readonly counts = noCounts();
  /** Entries that were not looked at. */
  rest = 0;
  /** Entries whose reading was ended by a limit, now or earlier. */
  limited = 0;
  /** Of these, those of this poll. */
  retries = 0;
  broken = 0;

  add({ became, isTried }: Taken): void {
    this.counts[became === 'limited' ? 'unusable' : became === 'broken' ? 'unchanged' : became] += 1;
    if (became === 'broken') this.broken += 1;
    if (became === 'limited') this.limited += 1;
    if (became === 'limited' && isTried) this.retries += 1;
  }

  get isTooSlow(): boolean {
    return this.retries >= MAX_LIMITED;
  }

  /** All that was looked at costs more than it may. */
  get isNothingUsable(): boolean {
    const { unusable, ...used } = this.counts;
    return this.limited > 0 && Object.values(used).every((count) => count === 0);
  }
}

/**
 * Oldest first, so that ids are in the order of the news. What is tried once more comes last, lest it keep the others from being
 * looked at.
 */
function inOrder(entries: readonly IdentifiedEntry[], find: ReturnType<typeof finderOf>): IdentifiedEntry[] {
  const isAgain = (found: IdentifiedEntry) =>
    isRetry(memoryOf(find(found)?.contentHash ?? ''), found.contentHash);
  const oldestFirst = [...entries].reverse();
  return [...oldestFirst.filter((one) => !isAgain(one)), ...oldestFirst.filter(isAgain)];
}

function ended(cause: unknown): FetchError {
  return new FetchError('bad_answer', 'What reads this feed ended before it was done.', { cause });
}

/** Finds the row of an entry: by GUID, then by URL. */
function finderOf(rows: readonly FeedEntryRow[]): (entry: IdentifiedEntry) => FeedEntryRow | undefined {
  const byGuid = new Map(rows.flatMap((row) => (row.guidHash ? [[row.guidHash, row] as const] : [])));
  const byUrl = new Map(rows.flatMap((row) => (row.urlHash ? [[row.urlHash, row] as const] : [])));
  return ({ guidHash, urlHash }) =>
    (guidHash ? byGuid.get(guidHash) : undefined) ?? (urlHash ? byUrl.get(urlHash) : undefined);
}
