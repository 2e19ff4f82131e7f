import { Injectable } from '@nestjs/common';
import { parseAddress } from '#kernel/input/address.js';
import { toPage, type Page } from '#kernel/input/page.js';
import type { ReaderDimension } from '#database/schema/index.js';
import { ReaderCountRepository } from '../numbers/reader-count.repository.js';
import type { SubscriberView } from '../operator/subscriber.schemas.js';
import { SubscriberViews } from '../operator/subscriber-view.js';
import { PublicationService } from '../publication/publication.service.js';
import { SubscriberRepository } from '../subscribers/subscriber.repository.js';
import type { WantedReaders } from './reader-conditions.js';
import { wordsOf, type ReaderFilter, type SubscriberQuery } from './reader-query.js';
import { ReaderSearchRepository, type FoundReaders } from './reader-search.repository.js';

/** How many there are; not `exact`: about so many. */
export interface Total {
  value: number;
  exact: boolean;
}

/** A page of readers. On the first page the total is never null. */
export type ReaderPage = Page<SubscriberView> & { total: Total | null };

const NOBODY: ReaderPage = { data: [], nextCursor: null, total: { value: 0, exact: true } };

/** Finds readers for operators. */
@Injectable()
export class FindReaders {
  constructor(
    private readonly publications: PublicationService,
    private readonly subscribers: SubscriberRepository,
    private readonly readers: ReaderSearchRepository,
    private readonly counts: ReaderCountRepository,
    private readonly views: SubscriberViews,
  ) {}

  /**
   * Readers who are all of what is asked for, newest first unless said. Who has exactly the address that is looked for comes first of all.
   * @param query see {@link ReaderFilter}; of a digest or topic that is not there nobody is found
   */
  async list({ limit, cursor, sort, ...filter }: SubscriberQuery): Promise<ReaderPage> {
    const { id: publicationId } = await this.publications.current();
    const wanted = await this.wanted(publicationId, filter);
    if (!wanted) return NOBODY;
    if (filter.email !== undefined) return this.only(wanted, filter.email);
    const named = limit > 1 && sort === 'newest' ? await this.named(wanted, filter.q) : undefined;
    const found = await this.readers.find(wanted, {
      order: sort,
      after: cursor,
      without: named,
      limit: limit + 1,
    });
    const ids = named && !cursor ? [named, ...found.ids] : found.ids;
    const { data, nextCursor } = toPage(
      ids.map((id) => ({ id })),
      limit,
    );
    return {
      data: await this.shown(
        publicationId,
        data.map((row) => row.id),
      ),
      nextCursor,
      total: await this.total(wanted, found, { named: named ? 1 : 0, isFirst: !cursor, limit }),
    };
  }

  /** What the filter means to the database; null: nobody can be meant. */
  async wanted(publicationId: string, filter: ReaderFilter): Promise<WantedReaders | null> {
    const { digest, topic, q, status, source, locale, inactive, attribute } = filter;
    const digestId = digest && (await this.readers.idOf('digest', publicationId, digest));
    const topicId = topic && (await this.readers.idOf('topic', publicationId, topic));
    if (digestId === null || topicId === null) return null;
    const words = wordsOf(q);
    const common = { status, source, locale, inactive, attributes: attribute ?? [] };
    return { publicationId, words, digestId, topicId, ...common };
  }

  private async only(wanted: WantedReaders, email: string): Promise<ReaderPage> {
    const address = parseAddress(email);
    const id =
      typeof address === 'string' ? undefined : await this.readers.withAddress(wanted, address.normalised);
    if (!id) return NOBODY;
    const data = await this.shown(wanted.publicationId, [id]);
    return { data, nextCursor: null, total: { value: data.length, exact: true } };
  }

  private async named(wanted: WantedReaders, q: string | undefined): Promise<string | undefined> {
    const address = q?.includes('@') ? parseAddress(q) : 'invalid';
    return typeof address === 'string' ? undefined : this.readers.withAddress(wanted, address.normalised);
  }

  private async shown(publicationId: string, ids: string[]): Promise<SubscriberView[]> {
    const rows = new Map((await this.subscribers.among(publicationId, ids)).map((row) => [row.id, row]));
    // Who was erased in between is not shown.
    const present = ids.flatMap((id) => rows.get(id) ?? []);
    return this.views.of(publicationId, present);
  }

  private async total(
    wanted: WantedReaders,
    { ids, total }: FoundReaders,
    { named, isFirst, limit }: { named: number; isFirst: boolean; limit: number },
  ): Promise<Total | null> {
    const kept = await this.keptTotal(wanted);
    if (kept?.exact) return kept;
    if (!isFirst) return null;
    if (total !== undefined) return { value: total + named, exact: true };
    if (ids.length <= limit) return { value: ids.length + named, exact: true };
    const guessed = Math.max(await this.readers.estimate(wanted), ids.length + named);
    return { value: kept ? Math.min(guessed, kept.value) : guessed, exact: false };
  }

  /** By the counts that are kept: exact where one of them is what is asked for, else no more than the least of them. */
  private async keptTotal(wanted: WantedReaders): Promise<Total | undefined> {
    const { publicationId, words, status, digestId, topicId, source, locale, inactive, attributes } = wanted;
    const of: [ReaderDimension, string][] = [
      ...(digestId && topicId ? [['topic', `${digestId}/${topicId}`] as [ReaderDimension, string]] : []),
      ...(digestId && !topicId ? [['digest', digestId] as [ReaderDimension, string]] : []),
      ...(source ? [['source', source] as [ReaderDimension, string]] : []),
      ...(locale ? [['locale', locale] as [ReaderDimension, string]] : []),
    ];
    if (of.length === 0) of.push(['status', '']);
    const values = await Promise.all(
      of.map(async ([dimension, key]) => {
        const rows = await this.counts.counts(publicationId, { dimension, key });
        return rows.reduce((sum, row) => sum + (!status || row.status === status ? row.n : 0), 0);
      }),
    );
    const isAll = words.length + attributes.length === 0 && inactive === undefined && !(topicId && !digestId);
    return { value: Math.min(...values), exact: of.length === 1 && isAll };
  }
}
