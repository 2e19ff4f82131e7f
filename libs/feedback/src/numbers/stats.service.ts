import { Injectable } from '@nestjs/common';
import type { EditionNumber } from '#audience/numbers/edition-numbers.js';
import type { AudienceNumber } from '#audience/numbers/count-readers.js';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { ArticleStatsRepository, type ArticleKey, type ArticleScope } from './article-stats.repository.js';
import { clickNumber, type ClickNumber } from './click-number.js';
import { hoursOf } from './stats-hours.js';
import { byDay, sumOf, type Counted, type StatsRow } from './stats-rows.js';
import {
  StatsRepository,
  type ClickRow,
  type EditionRow,
  type EditionScope,
  type Hours,
  type Keyed,
} from './stats.repository.js';
import type {
  ArticleStatsQuery,
  AudienceStatsQuery,
  DigestStatsQuery,
  EditionStatsQuery,
  ProviderStatsQuery,
  TopicStatsQuery,
} from './stats.schemas.js';

/** What became of mails: of an edition's, of those that an article was in. */
export type MailCounts = Record<EditionNumber, number> & ClickCounts;
export type AudienceCounts = Record<AudienceNumber, number>;
/** Type aliases, so that they can be added up by their names. */
export type ClickCounts = Record<'clicks', Record<'people' | 'scanners', number>>;
/** The same as answered: with the margin of the clicks. */
export type MailNumbers = Record<EditionNumber, number> & { clicks: ClickNumber };

/** What was counted, row by row, and all of it together. */
export interface Stats<N> {
  /** In the order of their key or time; what nothing was counted of is left out. */
  data: StatsRow<N>[];
  total: N;
}

const NO_CLICKS: ClickCounts = { clicks: { people: 0, scanners: 0 } };
export const NO_MAILS: MailCounts = {
  frozen: 0,
  accepted: 0,
  deferred: 0,
  failed: 0,
  bounced: 0,
  complained: 0,
  unsubscribed: 0,
  ...NO_CLICKS,
};
const NO_AUDIENCE: AudienceCounts = { signUps: 0, confirmed: 0, left: 0, bounced: 0, complained: 0 };

type By = 'hour' | 'day' | 'edition' | 'provider' | 'source' | 'article';
/** By which rows are read: days are made of hours. */
const readBy = <B extends By>(by: B) => (by === 'day' ? 'hour' : by) as Exclude<B, 'day'> | 'hour';

/** How editions and the audience do, in numbers. */
@Injectable()
export class StatsService {
  constructor(
    private readonly stats: StatsRepository,
    private readonly articleStats: ArticleStatsRepository,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  /** One edition, of its whole time. @throws DomainError `not_found` */
  async edition(id: string, { by }: EditionStatsQuery): Promise<Stats<MailNumbers>> {
    const { id: publicationId, timeZone } = await this.publicationWith('edition', id);
    return this.editions({ publicationId, editionId: id }, by, null, timeZone);
  }

  /** The editions of a digest. @throws DomainError `not_found`, `invalid_input` */
  async digest(id: string, query: DigestStatsQuery): Promise<Stats<MailNumbers>> {
    const { id: publicationId, timeZone } = await this.publicationWith('digest', id);
    return this.editions({ publicationId, digestId: id }, query.by, this.hoursOf(query), timeZone);
  }

  /** All editions. @throws DomainError `invalid_input` */
  async providers(query: ProviderStatsQuery): Promise<Stats<MailNumbers>> {
    const { id: publicationId, timeZone } = await this.publications.current();
    return this.editions({ publicationId }, query.by, this.hoursOf(query), timeZone);
  }

  /** Who came and who went. @throws DomainError `invalid_input` */
  async audience(query: AudienceStatsQuery): Promise<Stats<AudienceCounts>> {
    const { id, timeZone } = await this.publications.current();
    const rows = await this.stats.audience(id, readBy(query.by), this.hoursOf(query));
    return answer(NO_AUDIENCE, keyed(rows), query.by, timeZone);
  }

  /** An article: the mails that it was in. @throws DomainError `not_found`, `invalid_input` */
  async article(id: string, query: ArticleStatsQuery): Promise<Stats<MailNumbers>> {
    const { timeZone } = await this.publicationWith('article', id);
    return this.articles({ articleId: id }, query.by, this.hoursOf(query), timeZone);
  }

  /**
   * The articles that are on a topic now. A mail counts for each of them that was in it.
   * @throws DomainError `not_found`, `invalid_input`
   */
  async topic(id: string, query: TopicStatsQuery): Promise<Stats<MailNumbers>> {
    const { timeZone } = await this.publicationWith('topic', id);
    return this.articles({ topicId: id }, query.by, this.hoursOf(query), timeZone);
  }

  private async articles(
    scope: ArticleScope,
    by: ArticleKey | 'day',
    hours: Hours,
    timeZone: string,
  ): Promise<Stats<MailNumbers>> {
    const key = readBy(by);
    const mails = await this.articleStats.mails(scope, key, hours);
    const clicks = await this.articleStats.clicks(scope, key, hours);
    return shown(answer(NO_MAILS, beside(mails, clicks), by, timeZone));
  }

  private async editions(
    scope: EditionScope,
    by: 'hour' | 'day' | 'edition' | 'provider',
    hours: Hours | null,
    timeZone: string,
  ): Promise<Stats<MailNumbers>> {
    const key = readBy(by);
    const mails = await this.stats.editions(scope, key, hours);
    if (key !== 'provider') {
      const clicks = await this.stats.clicks(scope, key, hours);
      return shown(answer(NO_MAILS, beside(mails, clicks), by, timeZone));
    }
    // A click tells nothing of whose mailbox it came from.
    const clicks = await this.stats.clicks(scope, 'all', hours);
    const unknown = clicks.map(({ people, scanners }) => ({ ...NO_MAILS, clicks: { people, scanners } }));
    const all = answer(NO_MAILS, beside(mails, []), by, timeZone);
    return shown({
      data: [...all.data, ...unknown.map((row) => ({ key: null, ...row }))],
      total: sumOf(all.total, unknown),
    });
  }

  private async publicationWith(
    what: 'article' | 'digest' | 'edition' | 'topic',
    id: string,
  ): Promise<Publication> {
    const publication = await this.publications.current();
    if (!isId(id) || !(await this.stats.has(what, publication.id, id))) throw notFound(what);
    return publication;
  }

  private hoursOf(range: { from?: Date | undefined; to?: Date | undefined }): Hours {
    return hoursOf(range, this.clock.now());
  }
}

function keyed<N extends object>(rows: readonly (Keyed & N)[]): Map<string, Omit<N, 'key'>> {
  return new Map(rows.map(({ key, ...numbers }) => [key, numbers]));
}

/** Mails and clicks of the same things, in the order of their keys. */
function beside(mails: readonly EditionRow[], clicks: readonly ClickRow[]): Map<string, MailCounts> {
  const rows = keyed(mails.map((row) => ({ ...row, ...NO_CLICKS })));
  for (const { key, ...its } of clicks) rows.set(key, { ...(rows.get(key) ?? NO_MAILS), clicks: its });
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function answer<N extends Counted>(
  zero: N,
  rows: ReadonlyMap<string, N>,
  by: By,
  timeZone: string,
): Stats<N> {
  const counted = by === 'day' ? byDay(zero, rows, timeZone) : rows;
  const isTime = by === 'day' || by === 'hour';
  return {
    data: [...counted].map(([key, numbers]) => ({
      ...(isTime ? { at: new Date(key) } : { key }),
      ...numbers,
    })),
    total: sumOf(zero, [...counted.values()]),
  };
}

/** Puts the margins in: of each row its own, and of the total that of the sum. */
export function shown<R extends ClickCounts, T extends ClickCounts>({
  data,
  total,
}: {
  data: R[];
  total: T;
}) {
  return {
    data: data.map((row) => ({ ...row, clicks: clickNumber(row.clicks) })),
    total: { ...total, clicks: clickNumber(total.clicks) },
  };
}
