import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { sqlState, UNIQUE_VIOLATION } from '#database/errors.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { FetchError } from '../fetching/fetch-error.js';
import { toPage, type Page } from '#kernel/input/page.js';
import { cutAtWord } from '../story/summary.js';
import { TopicLookup } from '../articles/topic-lookup.js';
import { categoryKey } from './category-topics.js';
import { FeedPoller, type PollOutcome } from './feed-poller.js';
import { FeedReader, type FeedAnswer } from './feed-reader.js';
import { FeedRepository, type FeedRow, type NewFeed } from './feed.repository.js';
import type { FeedInput, FeedPatch, FeedQuery } from './feed.schemas.js';
import type { IdentifiedDocument } from '../reading/identified-document.js';
import { nextPoll } from './next-poll.js';

const EVERY_MINUTES = 30;

/** A feed as operators see it. */
export type Feed = Omit<FeedRow, 'publicationId' | 'etag' | 'lastModified' | 'leaseUntil'>;

/** Feeds: added, changed, removed. */
@Injectable()
export class FeedService {
  constructor(
    private readonly database: Database,
    private readonly repository: FeedRepository,
    private readonly topics: TopicLookup,
    private readonly reader: FeedReader,
    private readonly poller: FeedPoller,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a feed. It is fetched at once: what cannot be fetched is refused, and what is in it now is history.
   * @throws DomainError `invalid_input` naming `url` and why it can not be read, or the topic that is unknown;
   *   `conflict` with the `id` of the feed of that URL
   */
  async create(publicationId: string, input: FeedInput): Promise<Feed> {
    const { db } = this.database;
    const topics = await this.topics.resolve(db, publicationId, input.topics ?? []);
    const categoryTopics = await this.rules(db, publicationId, input.categoryTopics ?? {});
    const answer = await this.firstAnswer(publicationId, input.url);
    const now = this.clock.now();
    const everyMinutes = input.everyMinutes ?? EVERY_MINUTES;
    const row: NewFeed = {
      id: newId(),
      publicationId,
      topics,
      categoryTopics,
      everyMinutes,
      ...answer.validators,
      url: answer.url,
      name: input.name ?? (cutAtWord(answer.document.title, 200) || new URL(answer.url).host),
      enabled: input.enabled ?? true,
      dueAt: nextPoll(now, everyMinutes, 0, null),
      polledAt: now,
      succeededAt: now,
      createdAt: now,
      updatedAt: now,
    };
    await this.database.transaction(async (tx) => {
      if (!(await this.repository.insertUnlessTaken(tx, row))) throw takenUrl();
      await this.markAsHistory(tx, row.id, answer.document, now);
    });
    return this.get(publicationId, row.id);
  }

  /** @throws DomainError `not_found` */
  async get(publicationId: string, id: string): Promise<Feed> {
    return viewOf(await this.row(publicationId, id));
  }

  /** Newest first. */
  async list(publicationId: string, { limit, cursor }: FeedQuery): Promise<Page<Feed>> {
    const page = toPage(
      await this.repository.page(this.database.db, publicationId, limit + 1, cursor),
      limit,
    );
    return { ...page, data: page.data.map(viewOf) };
  }

  /**
   * Changes a feed. A new URL is fetched at once; what is in it that was not seen before is history.
   * @throws DomainError as {@link create} and {@link get}
   */
  async patch(publicationId: string, id: string, patch: FeedPatch): Promise<Feed> {
    const before = await this.row(publicationId, id);
    const answer =
      patch.url === undefined || patch.url === before.url
        ? null
        : await this.firstAnswer(publicationId, patch.url, id);
    const change = this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await this.repository.update(tx, id, {
        ...changesOf(before, patch, now),
        ...(patch.topics ? { topics: await this.topics.resolve(tx, publicationId, patch.topics) } : {}),
        ...(patch.categoryTopics
          ? { categoryTopics: await this.rules(tx, publicationId, patch.categoryTopics) }
          : {}),
        ...(answer ? { url: answer.url, ...answer.validators, failures: 0, lastError: null } : {}),
      });
      if (answer) await this.markAsHistory(tx, id, answer.document, now);
    });
    await change.catch((error: unknown) => {
      throw sqlState(error) === UNIQUE_VIOLATION ? takenUrl() : error;
    });
    return this.get(publicationId, id);
  }

  /** Removes a feed; its articles stay. @throws DomainError `not_found` */
  async remove(publicationId: string, id: string): Promise<void> {
    const removed = isId(id) && (await this.repository.delete(this.database.db, publicationId, id));
    if (!removed) throw notFound('feed');
  }

  /**
   * Polls it now, due or not.
   * @throws DomainError `not_found`; `wrong_state` while another process polls it
   */
  async poll(publicationId: string, id: string): Promise<Feed & { outcome: PollOutcome }> {
    await this.row(publicationId, id);
    const outcome = await this.poller.poll(id);
    if (!outcome) throw new DomainError('wrong_state', 'The feed is being polled right now.');
    return { ...(await this.get(publicationId, id)), outcome };
  }

  private async row(publicationId: string, id: string): Promise<FeedRow> {
    const row = isId(id) ? await this.repository.findById(this.database.db, publicationId, id) : undefined;
    if (!row) throw notFound('feed');
    return row;
  }

  private async firstAnswer(
    publicationId: string,
    url: string,
    except?: string,
  ): Promise<FeedAnswer & { document: IdentifiedDocument }> {
    const answer = await this.reader.read(url).catch((error: unknown) => {
      throw error instanceof FetchError ? error.asInvalidUrl() : error;
    });
    const taken = await this.repository.findIdByUrl(this.database.db, publicationId, answer.url);
    if (taken && taken !== except) throw takenUrl(taken);
    return answer as FeedAnswer & { document: IdentifiedDocument };
  }

  /** What is in the feed now was there before it was asked for: remembered, so that it is never taken for news. */
  private async markAsHistory(
    tx: Executor,
    feedId: string,
    document: IdentifiedDocument,
    now: Date,
  ): Promise<void> {
    const rows = document.entries.map(({ entry: _, ...keys }) => ({
      ...keys,
      id: newId(),
      feedId,
      firstSeenAt: now,
    }));
    const guids = rows.flatMap((row) => row.guidHash ?? []);
    const urls = rows.flatMap((row) => row.urlHash ?? []);
    const known = await this.repository.knownEntries(tx, feedId, guids, urls);
    const seen = new Set(known.flatMap((row) => [row.guidHash, row.urlHash]));
    const isNew = (hash: string | null) => hash === null || !seen.has(hash);
    await this.repository.insertEntries(
      tx,
      rows.filter((row) => isNew(row.guidHash) && isNew(row.urlHash)),
    );
  }

  private async rules(
    db: Executor,
    publicationId: string,
    given: Readonly<Record<string, string | null>>,
  ): Promise<Record<string, string | null>> {
    const rules: [string, string | null][] = [];
    for (const [category, name] of Object.entries(given)) {
      const [id = null] = name === null ? [] : await this.resolveRule(db, publicationId, category, name);
      rules.push([categoryKey(category), id]);
    }
    return Object.fromEntries(rules);
  }

  private async resolveRule(
    db: Executor,
    publicationId: string,
    category: string,
    name: string,
  ): Promise<string[]> {
    return this.topics.resolve(db, publicationId, [name]).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
      const errors = (error.errors ?? []).map((one) => ({ ...one, field: `categoryTopics.${category}` }));
      throw new DomainError(error.code, error.message, { cause: error, errors });
    });
  }
}

function changesOf(before: FeedRow, patch: FeedPatch, now: Date): Partial<NewFeed> {
  const everyMinutes = patch.everyMinutes ?? before.everyMinutes;
  const isResumed = patch.enabled === true && !before.enabled;
  const sooner = new Date(Math.min(before.dueAt.getTime(), now.getTime() + everyMinutes * 60_000));
  return {
    name: patch.name ?? before.name,
    enabled: patch.enabled ?? before.enabled,
    everyMinutes,
    dueAt: isResumed ? now : before.failures > 0 ? before.dueAt : sooner,
    updatedAt: now,
  };
}

function viewOf({ publicationId: _, etag: __, lastModified: ___, leaseUntil: ____, ...feed }: FeedRow): Feed {
  return feed;
}

function takenUrl(id?: string): DomainError {
  const message = 'There is a feed with this URL already.';
  const errors = [{ field: 'url', code: 'taken', message }];
  return new DomainError('conflict', message, { errors, extra: id ? { id } : {} });
}
